/** Every behaviour on which the sources conflict or are silent, and what this sandbox does about it. */
export interface AdversusSwitches {
  /** The lead's last-updated property: filtering or sorting by the other one is a 400. */
  stampField: 'lastUpdatedTime' | 'lastModifiedTime';
  recordStampFields: 'chosen' | 'both';
  /** `2026-11-22T00:15:00Z`, the same without Z, or the account's wall clock without zone. */
  stampFormat: 'utc-z' | 'utc-bare' | 'local-bare';
  stampMilliseconds: boolean;
  maxPageSize: number;
  abovePageSize: 'clamp' | 'refuse';
  /** Shape of a list without `includeMeta`: `mixed` is wrapped for some resources and a bare array for others. */
  envelope: 'mixed' | 'wrapped' | 'bare';
  singleRecord: 'wrapped' | 'bare';
  /** `refused`: every single-lead look-up is a 403. */
  lookups: 'allowed' | 'refused';
  /** A look-up of a lead that is no longer a success. */
  lookupOtherStatus: 'record' | 'not-found' | 'empty';
  /** A look-up of a lead that was deleted; `record` answers its last state as `invalid`. */
  lookupGone: 'not-found' | 'empty' | 'record';
  campaignId: 'as-recorded' | 'number' | 'name';
  fieldLabels: boolean;
  retryAfter: boolean;
  /** Whether a call answered 429 counts toward the limits itself. */
  refusedCallsCount: boolean;
  /** Order of leads with equal sort values: by id, or different at every request. */
  tieOrder: 'stable' | 'shuffled';
  /** Script tags, SQL, emoji and right-to-left text in names. */
  hostileTexts: boolean;
  /** Milliseconds every answer takes. */
  slowMs: number;
}

export const defaultSwitches: Readonly<AdversusSwitches> = {
  stampField: 'lastUpdatedTime',
  recordStampFields: 'chosen',
  stampFormat: 'utc-z',
  stampMilliseconds: false,
  maxPageSize: 1000,
  abovePageSize: 'clamp',
  envelope: 'mixed',
  singleRecord: 'wrapped',
  lookups: 'allowed',
  lookupOtherStatus: 'record',
  lookupGone: 'not-found',
  campaignId: 'as-recorded',
  fieldLabels: true,
  retryAfter: false,
  refusedCallsCount: false,
  tieOrder: 'stable',
  hostileTexts: false,
  slowMs: 0,
};

/** `known`: the default was seen or is documented; `assumed`: nobody knows, both ways must work. */
export type Standing = 'known' | 'assumed';

export const switchStandings: Readonly<Record<keyof AdversusSwitches, Standing>> = {
  stampField: 'assumed',
  recordStampFields: 'assumed',
  stampFormat: 'assumed',
  stampMilliseconds: 'assumed',
  maxPageSize: 'known',
  abovePageSize: 'assumed',
  envelope: 'known',
  singleRecord: 'known',
  lookups: 'assumed',
  lookupOtherStatus: 'assumed',
  lookupGone: 'assumed',
  campaignId: 'known',
  fieldLabels: 'known',
  retryAfter: 'assumed',
  refusedCallsCount: 'assumed',
  tieOrder: 'assumed',
  hostileTexts: 'assumed',
  slowMs: 'assumed',
};

export interface SwitchBoard {
  readonly current: Readonly<AdversusSwitches>;
  /** Rises with every change. */
  readonly version: number;
  set(changes: Partial<AdversusSwitches>): void;
  reset(): void;
}

/** The switches of one simulated vendor; they may be changed while it runs. */
export function createSwitchBoard(initial: Partial<AdversusSwitches> = {}): SwitchBoard {
  const first = { ...defaultSwitches, ...initial };
  let current: Readonly<AdversusSwitches> = first;
  let version = 0;
  const change = (next: Readonly<AdversusSwitches>) => {
    current = next;
    version++;
  };
  return {
    get current() {
      return current;
    },
    get version() {
      return version;
    },
    set: (changes) => change({ ...current, ...changes }),
    reset: () => change(first),
  };
}
