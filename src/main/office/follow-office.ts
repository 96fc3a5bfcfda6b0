import type { Change } from '../../shared/contract/changes.ts';
import type { TodayCache } from '../deals/today-cache.ts';
import { countWaiting } from '../deals/totals-store.ts';
import type { ReadOn } from '../keep-reading.ts';
import type { Log } from '../log.ts';
import type { OperationsEvent } from '../operations.ts';
import type { Database } from '../storage/postgres.ts';
import { followChanges, type FollowState } from '../system/change-log.ts';
import type { Workspace } from '../workspace.ts';
import type { Office } from './know-office.ts';

/** The change stream as this process lives by it: each change taken in, and told on, in order. */
export interface FollowedOffice {
  /** Since when the database does not answer; null while it does. */
  awaySince(): Date | null;
  /** True when changes were announced whose consequences could not be read: everything has to be, anew. */
  isBehind(): boolean;
  /** Reads everything anew; what cannot be read yet is left for later. */
  makeUp(): Promise<void>;
  /** How much waits for a person: duplicates, held removals and rejected records. */
  waiting(): Promise<number>;
  /** The mode may be another: what was read is dropped, and what this process believes is noted at once. */
  believeAnew(): void;
  close(): Promise<void>;
}

export interface FollowParts {
  workspace: Workspace;
  log: Log;
  office: Office;
  today: TodayCache;
  /** The database by the connections that are kept for what must not wait. */
  vital: Database;
  /** Number of the last change that `today` was loaded with. */
  after: number;
  closing: AbortSignal;
  reading(): ReadOn | null;
  isLeader(): boolean;
  schedule(): { wake(): void; databaseBack(): void };
  /** Keeps the boards in the office's zone, which may be another. */
  keepZone(): Promise<void>;
  tell(event: OperationsEvent): void;
}

/** Pause between two tries to start an embedded server again, in ms. */
const reviveMs = 3_000;

export function followOffice(parts: FollowParts): FollowedOffice {
  const { workspace, log, office, today, tell, reading } = parts;
  const { database } = workspace;
  const { clock } = workspace.passes;
  let away: Date | null = null;
  let behind = false;
  /** Counted again after each change that may have moved it. */
  let waiting: Promise<number> | null = null;

  function believeAnew(): void {
    workspace.accounts.mode.drop();
    void workspace.accounts.mode.read();
  }

  async function takeIn(changes: Change[]): Promise<void> {
    if (changes.some(movesMode)) believeAnew();
    if (changes.some(movesSettings)) {
      await office.readSettings();
      void parts.keepZone();
    }
    await today.follow(changes);
    if (changes.some((change) => change.kind === 'restored')) reading()?.forget();
    if (parts.isLeader() && changes.some(movesReading)) reading()?.remember();
    if (changes.some(movesWaiting)) waiting = null;
    for (const change of changes) tell({ type: 'change', change });
    reading()?.followed();
    if (changes.some((change) => change.kind === 'run' || movesSettings(change))) {
      await office.readPlan();
      parts.schedule().wake();
    }
  }

  async function makeUp(): Promise<void> {
    try {
      await office.readSettings();
      await office.readPlan();
      await today.load();
      waiting = null;
      behind = false;
      tell({ type: 'reload' });
      reading()?.followed();
      parts.schedule().wake();
    } catch (error) {
      log.warn('What changed meanwhile could not be read yet', { error: String(error) });
    }
  }

  function noteDatabase(state: FollowState): void {
    const isAway = state === 'away';
    if (isAway === (away !== null)) return;
    away = isAway ? clock.now() : null;
    log.warn(isAway ? 'The database does not answer' : 'The database answers again');
    tell({ type: 'status' });
    reading()?.wake();
    if (isAway) {
      void reviveDatabase();
      return;
    }
    parts.schedule().databaseBack();
    believeAnew();
    if (behind) void makeUp();
  }

  /** An embedded server that ended under us is started again, as often as it takes. */
  async function reviveDatabase(): Promise<void> {
    while (away !== null && !parts.closing.aborted) {
      await workspace.reviveDatabase().catch((error: unknown) => {
        log.warn('The embedded database could not be started again', { error: String(error) });
      });
      await clock.sleep(reviveMs, parts.closing).catch(() => {});
    }
  }

  const follower = followChanges({
    database: parts.vital,
    clock,
    after: parts.after,
    async onChanges(changes) {
      try {
        await takeIn(changes);
      } catch (error) {
        behind = true;
        throw error;
      }
    },
    async onReset(seq) {
      believeAnew();
      await today.load(seq);
      tell({ type: 'reload' });
    },
    onState: noteDatabase,
    onError: (error) => log.warn('Changes could not be followed', { error: String(error) }),
  });

  return {
    awaySince: () => away,
    isBehind: () => behind,
    makeUp,
    async waiting() {
      const counting = (waiting ??= countWaiting(database));
      // A failure is not remembered.
      counting.catch(() => (waiting = waiting === counting ? null : waiting));
      return counting;
    },
    believeAnew,
    close: () => follower.close(),
  };
}

/** Whether a change is of one of these kinds; a gap in the stream and a restore may have been any. */
function movedBy(...kinds: Change['kind'][]): (change: Change) => boolean {
  const all: ReadonlySet<Change['kind']> = new Set([...kinds, 'restored', 'unknown']);
  return (change) => all.has(change.kind);
}

const movesWaiting = movedBy('duplicates', 'held', 'rejected');
const movesMode = movedBy('mode');
const movesSettings = movedBy('settings');
const movesDeals = movedBy('deals', 'agents');
/** After these, what reading on needs is another: cursor, stamps, leads, what is left of the vendor's calls. */
const movesReading = (change: Change) =>
  change.kind === 'run' ? change.data.state !== 'running' : movesDeals(change);
