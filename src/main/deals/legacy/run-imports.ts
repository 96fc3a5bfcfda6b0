import type { LegacyEvent, LegacyView } from '../../../shared/contract/legacy.ts';
import { isCancelled, OpsdeckError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { importLegacy, type LegacyDeps } from './import-legacy.ts';

/** Progress is told at most this often, in ms. */
const tellMs = 100;

export interface ImportsOptions extends Omit<LegacyDeps, 'settings'> {
  log: Log;
  settings(): LegacyDeps['settings'];
  console: string;
}

/** Imports of the old server's files that a person runs on this console: one at a time, rehearsed first if wished. */
export interface Imports {
  /** Where one is, and how the latest of the chosen folder ended. */
  state(): Pick<LegacyView, 'running' | 'last'>;
  /** Begins one; false while one is under way. */
  start(asked: { folder: string; copies: string; dryRun: boolean; actor: string }): boolean;
  cancel(): boolean;
  /** Another folder was chosen: what came of the former one is no answer any more. */
  forget(): void;
  subscribe(listener: (event: LegacyEvent) => void): () => void;
  close(): Promise<void>;
}

type Ended = Extract<LegacyEvent, { stage: 'ended' }>;

interface UnderWay {
  at: LegacyEvent;
  stop: AbortController;
  done: Promise<void>;
}

/** Runs imports and tells how far they are. */
export function runImports(options: ImportsOptions): Imports {
  const { clock, log } = options;
  const listeners = new Set<(event: LegacyEvent) => void>();
  let underWay: UnderWay | null = null;
  let last: Ended | null = null;

  const tell = (event: LegacyEvent) => {
    for (const listener of listeners) listener(event);
  };

  /** Never rejects: what came of it is told. */
  async function run(mine: UnderWay, asked: Parameters<Imports['start']>[0]): Promise<void> {
    const { dryRun, folder, copies, actor } = asked;
    let toldAt = -Infinity;
    let end: Ended = { stage: 'ended', dry_run: dryRun, outcome: 'done', message: null, counts: null };
    try {
      const counts = await importLegacy(
        { ...options, settings: options.settings() },
        {
          ...{ folder, dryRun, actor, console: options.console, signal: mine.stop.signal },
          backup: dryRun ? null : copies,
          onProgress(progress) {
            mine.at = { ...progress, dry_run: dryRun };
            if (clock.monotonic() - toldAt < tellMs && progress.stage === 'reading') return;
            toldAt = clock.monotonic();
            tell(mine.at);
          },
        },
      );
      end = { ...end, counts };
      if (!dryRun) log.info('The old server was imported', { deals: counts.deals, sms: counts.sms });
    } catch (error) {
      const outcome = isCancelled(error) ? 'cancelled' : 'failed';
      const message = error instanceof Error ? error.message : String(error);
      end = { ...end, outcome, message: outcome === 'failed' ? message : null };
      log.info('An import of the old server ended early', { why: message });
    }
    underWay = null;
    last = end;
    tell(end);
  }

  return {
    state: () => ({ running: underWay?.at ?? null, last }),
    start(asked) {
      if (underWay) return false;
      const at: LegacyEvent = { stage: 'reading', bytes: 0, total: 0, records: 0, dry_run: asked.dryRun };
      const mine: UnderWay = { at, stop: new AbortController(), done: Promise.resolve() };
      underWay = mine;
      last = null;
      tell(at);
      mine.done = run(mine, asked);
      return true;
    },
    cancel() {
      if (!underWay) return false;
      underWay.stop.abort(new OpsdeckError('CANCELLED', 'The import was cancelled; nothing was imported.'));
      return true;
    },
    forget() {
      last = null;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      underWay?.stop.abort(new OpsdeckError('CANCELLED', 'Opsdeck is closing; nothing was imported.'));
      await underWay?.done;
      listeners.clear();
    },
  };
}
