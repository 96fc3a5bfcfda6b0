import type { SyncState } from '../../shared/contract/sync.ts';
import type { HealthEventType } from '../system/health-events.ts';

/** What the office's state is judged by. */
export interface OfficeFacts {
  sync: SyncState;
  deltaSeconds: number;
  /** Holds that wait for a person. */
  heldOpen: number;
  now: Date;
}

/** Kinds of incidents that are judged here: each begins and ends with what is the case. */
export const judgedKinds = ['sync-stalled', 'upstream-refusing', 'budget-low', 'removals-held'] as const;

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
  return [stalled(facts, open), refusing(facts, open), budget(facts, open), held(facts, open)].flat();
}

function stalled({ sync, deltaSeconds, now }: OfficeFacts, open: ReadonlySet<string>): JudgedMove[] {
  const deals = sync.sources.find(({ source }) => source === 'deals');
  if (!deals?.last_complete_at) return [];
  const { configured, state } = sync.upstream;
  const lateMs = now.getTime() - Date.parse(deals.last_complete_at);
  const isLate = lateMs > missedTurns * deltaSeconds * 1_000 + readMs;
  // A refused sign-in is told by itself; what was never set up is not read.
  const isStalled = isLate && configured && state !== 'refused';
  const metadata = { kind: 'sync-stalled', subject: 'deals' } as const;
  if (isStalled === open.has('sync-stalled:deals')) return [];
  if (isStalled)
    return [
      {
        type: 'WARNING',
        message: `Deals were last read completely at ${deals.last_complete_at}; three reads since did not come through.`,
        metadata: { ...metadata, lastAt: deals.last_complete_at },
      },
    ];
  // Refused and late is no end of being late.
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
function held({ heldOpen }: OfficeFacts, open: ReadonlySet<string>): JudgedMove[] {
  if (heldOpen > 0 || !open.has('removals-held')) return [];
  return [
    {
      type: 'INFO',
      message: 'No removals wait for a decision any more.',
      metadata: { kind: 'removals-held', solved: true },
    },
  ];
}
