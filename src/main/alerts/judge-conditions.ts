import type { SyncState } from '../../shared/contract/sync.ts';
import type { HealthEventType } from '../system/health-events.ts';

/** What the office's state is judged by. */
export interface OfficeFacts {
  sync: SyncState;
  deltaSeconds: number;
  /** Holds that wait for a person. */
  heldOpen: number;
  /** The same of packages. */
  heldPackages: number;
  /** Causes for which tasks are parked; null: the queue does not answer. */
  parkedCauses: ReadonlySet<string> | null;
  /** A person lets reading rest: nobody is to read now. */
  resting: boolean;
  /** Since when reading was meant to go on here without a break. */
  readingSince: Date;
  now: Date;
}

/** Kinds of incidents that are judged here: each begins and ends with what is the case. */
export const judgedKinds = [
  'sync-stalled',
  'upstream-refusing',
  'budget-low',
  'removals-held',
  'task-parked',
] as const;

/** An incident that is to begin (`solved` absent) or to end. */
export interface JudgedMove {
  type: HealthEventType;
  message: string;
  metadata: { kind: (typeof judgedKinds)[number]; subject?: string; solved?: true } & Record<string, unknown>;
}

/** Turns that may pass without a complete read, and what a read may take, in ms. */
const missedTurns = 3;
const readMs = 60_000;
/** Calls run out below this share of an hour's, and are enough again above the other. */
const lowShare = 0.05;
const enoughShare = 0.15;

/** Which incidents begin and which end, given those that are open. What is not known moves nothing. */
export function judgeConditions(facts: OfficeFacts, open: ReadonlySet<string>): JudgedMove[] {
  return [
    stalled(facts, open),
    refusing(facts, open),
    budget(facts, open),
    held(facts, open),
    parked(facts, open),
  ].flat();
}

/** A read is waited for from the last one on, or since reading was meant to go on: what a person stopped is not stalled. */
function stalled(facts: OfficeFacts, open: ReadonlySet<string>): JudgedMove[] {
  const { sync, deltaSeconds, now } = facts;
  const deals = sync.sources.find(({ source }) => source === 'deals');
  if (!deals?.last_complete_at) return [];
  const { configured, state } = sync.upstream;
  const lastAt = Date.parse(deals.last_complete_at);
  const isLateAfter = (since: number) => now.getTime() - since > missedTurns * deltaSeconds * 1_000 + readMs;
  const isLate = isLateAfter(lastAt);
  const isMissed = !facts.resting && isLateAfter(Math.max(lastAt, facts.readingSince.getTime()));
  // A refused sign-in is told by itself; what was never set up is not read.
  const isStalled = isMissed && configured && state !== 'refused';
  const metadata = { kind: 'sync-stalled', subject: 'deals' } as const;
  const isOpen = open.has('sync-stalled:deals');
  if (!isOpen && !isStalled) return [];
  if (!isOpen)
    return [
      {
        type: 'WARNING',
        message: `Deals were last read completely at ${deals.last_complete_at}; three reads since did not come through.`,
        metadata: { ...metadata, lastAt: deals.last_complete_at },
      },
    ];
  // Being refused, or stopped, and late is no end of being late.
  if (isLate && configured) return [];
  return [
    { type: 'INFO', message: 'Deals are read completely again.', metadata: { ...metadata, solved: true } },
  ];
}

function refusing({ sync }: OfficeFacts, open: ReadonlySet<string>): JudgedMove[] {
  const { name, state, message } = sync.upstream;
  const metadata = { kind: 'upstream-refusing', subject: name } as const;
  const isOpen = open.has(`upstream-refusing:${name}`);
  if (state === 'refused' && !isOpen)
    return [
      { type: 'ERROR', message: `${name} does not accept our sign-in. ${message ?? ''}`.trim(), metadata },
    ];
  if (state === 'ok' && isOpen)
    return [
      {
        type: 'INFO',
        message: `${name} accepts our sign-in again.`,
        metadata: { ...metadata, solved: true },
      },
    ];
  return [];
}

function budget({ sync }: OfficeFacts, open: ReadonlySet<string>): JudgedMove[] {
  if (!sync.budget) return [];
  const { name } = sync.upstream;
  const { left_hour: left, per_hour: perHour, forecast_hour: forecast } = sync.budget;
  const metadata = { kind: 'budget-low', subject: name, left, perHour, forecast } as const;
  const isOpen = open.has(`budget-low:${name}`);
  const isLow = left < perHour * lowShare || forecast > perHour;
  const isEnough = left > perHour * enoughShare && forecast <= perHour;
  if (isLow && !isOpen)
    return [
      {
        type: 'WARNING',
        message: `${left} of ${perHour} calls to ${name} are left this hour; about ${forecast} would be used at this pace.`,
        metadata,
      },
    ];
  if (isEnough && isOpen)
    return [
      {
        type: 'INFO',
        message: `There are calls enough to ${name} again.`,
        metadata: { ...metadata, solved: true },
      },
    ];
  return [];
}

/** A hold begins with the pass that makes it; here it only ends. */
function held({ heldOpen, heldPackages }: OfficeFacts, open: ReadonlySet<string>): JudgedMove[] {
  const over = (message: string, more: { subject?: string } = {}): JudgedMove => ({
    ...{ type: 'INFO', message },
    metadata: { kind: 'removals-held', ...more, solved: true },
  });
  return [
    ...(heldOpen === 0 && open.has('removals-held')
      ? [over('No removals wait for a decision any more.')]
      : []),
    ...(heldPackages === 0 && open.has('removals-held:packages')
      ? [over('No retirements of packages wait for a decision any more.', { subject: 'packages' })]
      : []),
  ];
}

/** It begins with a task's last try, or here where that was missed; it ends here, once none is parked for that cause. */
function parked({ parkedCauses }: OfficeFacts, open: ReadonlySet<string>): JudgedMove[] {
  if (parkedCauses === null) return [];
  const begun = [...parkedCauses]
    .filter((cause) => !open.has(`task-parked:${cause}`))
    .map((cause): JudgedMove => {
      const metadata = { kind: 'task-parked', subject: cause } as const;
      return { type: 'ERROR', message: `Tasks are parked over ${cause}.`, metadata };
    });
  const over = [...open].flatMap((incident): JudgedMove[] => {
    const [kind, cause] = incident.split(':');
    if (kind !== 'task-parked' || cause === undefined || parkedCauses.has(cause)) return [];
    const metadata = { kind: 'task-parked', subject: cause, solved: true } as const;
    return [{ type: 'INFO', message: `No task is parked any more over ${cause}.`, metadata }];
  });
  return [...begun, ...over];
}
