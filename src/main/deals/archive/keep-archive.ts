import type { ArchiveMove, ArchiveView } from '../../../shared/contract/archive.ts';
import type { OfficeSettings } from '../../../shared/contract/settings.ts';
import { isCancelled, OpsdeckError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { countOlder, noteArchiveRun, readArchive, type ArchiveRun } from '../archive-store.ts';
import { archiveBefore, archiveOld, moveBack, type ArchiveDeps } from './move-archive.ts';

/** The first look comes when a start has settled; then this often, in ms. */
const firstLookMs = 300_000;
const lookMs = 3_600_000;
/** How long a batch that a person asked for waits for a pass, in ms. One by schedule comes another time. */
const personWaitMs = 60_000;

export interface KeepArchiveOptions extends Omit<ArchiveDeps, 'waitMs'> {
  log: Log;
  leads(): boolean;
  term(): number | null;
  /** False while a person has switched the job off; default: nobody has. */
  isOn?(): boolean;
  settings(): OfficeSettings;
  console: string;
}

/** The archive as this process keeps it: by schedule where it leads, and when a person asks. One move at a time. */
export interface Archive {
  view(): Promise<ArchiveView>;
  /** Begins to archive what is old enough, or to move everything back; false while one is under way. */
  start(kind: 'archiving' | 'moving-back', actor: string): boolean;
  cancel(): boolean;
  /** What is under way; null: nothing. */
  running(): UnderWay['move']['kind'] | null;
  /** When the schedule looks next, in wall ms; null where it does not. */
  next(): number | null;
  subscribe(listener: (move: ArchiveMove) => void): () => void;
  close(): Promise<void>;
}

interface UnderWay {
  move: Extract<ArchiveMove, { stage: 'moving' }>;
  stop: AbortController;
  done: Promise<void>;
}

/** Starts the leader's archiving and answers what people may ask. */
export function keepArchive(options: KeepArchiveOptions): Archive {
  const { clock, database, log } = options;
  const listeners = new Set<(move: ArchiveMove) => void>();
  const closing = new AbortController();
  let underWay: UnderWay | null = null;
  let nextLookAt = 0;

  const tell = (move: ArchiveMove) => {
    for (const listener of listeners) listener(move);
  };
  const before = () => archiveBefore(clock.now(), options.settings());

  function begin(
    kind: UnderWay['move']['kind'],
    work: (mine: UnderWay, signal: AbortSignal) => Promise<number>,
  ) {
    const mine: UnderWay = {
      move: { stage: 'moving', kind, moved: 0 },
      stop: new AbortController(),
      done: Promise.resolve(),
    };
    underWay = mine;
    tell(mine.move);
    mine.done = run(mine, work);
    return mine.done;
  }

  /** Never rejects: what came of it is told. */
  async function run(
    mine: UnderWay,
    work: (mine: UnderWay, signal: AbortSignal) => Promise<number>,
  ): Promise<void> {
    const { kind } = mine.move;
    let end: Extract<ArchiveMove, { stage: 'ended' }> = {
      stage: 'ended',
      kind,
      moved: 0,
      outcome: 'done',
      message: null,
    };
    try {
      const moved = await work(mine, AbortSignal.any([mine.stop.signal, closing.signal]));
      end = { ...end, moved };
      if (moved > 0)
        log.info(kind === 'archiving' ? 'Deals were archived' : 'Deals were moved back', { moved });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const outcome = isCancelled(error) ? 'cancelled' : 'failed';
      end = { ...end, moved: mine.move.moved, outcome, message: outcome === 'failed' ? message : null };
      log.info('Moving deals to or from the archive stopped', { kind, why: message });
    }
    if (kind === 'archiving') await note(end);
    underWay = null;
    tell(end);
  }

  /** Where the schedules are shown, also an archiving that found nothing is one that ran. */
  async function note({ outcome, message }: Extract<ArchiveMove, { stage: 'ended' }>): Promise<void> {
    const state: ArchiveRun['state'] = outcome === 'done' ? 'complete' : outcome;
    await noteArchiveRun(database, { at: new Date(clock.wall()).toISOString(), state, message }).catch(
      (error: unknown) => log.debug('How the archiving went could not be noted', { error: String(error) }),
    );
  }

  const mayLook = () => options.leads() && options.settings().archive && options.isOn?.() !== false;

  const moveOptions = (mine: UnderWay, signal: AbortSignal, term: number | null) => ({
    signal,
    term,
    onMoved(moved: number) {
      mine.move = { ...mine.move, moved };
      tell(mine.move);
    },
  });

  async function lookAtCalendar(): Promise<void> {
    for (let pause = firstLookMs; !closing.signal.aborted; pause = lookMs) {
      nextLookAt = clock.wall() + pause;
      await clock.sleep(pause, closing.signal).catch(() => {});
      if (closing.signal.aborted || underWay || !mayLook()) continue;
      await begin('archiving', (mine, signal) =>
        archiveOld({ ...options, waitMs: 0 }, before(), moveOptions(mine, signal, options.term())),
      );
    }
  }
  const looking = lookAtCalendar();

  return {
    async view() {
      const [held, due] = await Promise.all([readArchive(database), countOlder(database, before())]);
      return {
        deals: held.deals,
        oldest: held.oldest?.toISOString() ?? null,
        newest: held.newest?.toISOString() ?? null,
        last_moved: held.lastMoved?.toISOString() ?? null,
        before: before().toISOString(),
        due,
        on: options.settings().archive,
        running: underWay?.move ?? null,
      };
    },
    start(kind, actor) {
      if (underWay || closing.signal.aborted) return false;
      const deps = { ...options, waitMs: personWaitMs };
      void begin(kind, (mine, signal) => {
        const moving = moveOptions(mine, signal, null);
        return kind === 'archiving'
          ? archiveOld(deps, before(), moving)
          : moveBack(
              deps,
              { range: null, settings: options.settings(), actor, console: options.console },
              moving,
            );
      });
      return true;
    },
    cancel() {
      if (!underWay) return false;
      underWay.stop.abort(new OpsdeckError('CANCELLED', 'Stopped; what was moved so far stays where it is.'));
      return true;
    },
    running: () => underWay?.move.kind ?? null,
    next: () => (mayLook() ? nextLookAt : null),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closing.abort(new OpsdeckError('CANCELLED', 'Opsdeck is closing.'));
      await looking;
      await underWay?.done;
      listeners.clear();
    },
  };
}
