import type { PassProgress, SyncSource } from '../../shared/contract/sync.ts';
import {
  firstProgress,
  runPass,
  type PassDeps,
  type PassRequest,
  type PassResult,
} from '../deals/run-pass.ts';
import { OpsdeckError } from '../errors.ts';
import type { RunTrigger } from '../system/sync-runs.ts';

/** The passes of this process: one at a time over each source. */
export interface Passes {
  /** Runs a pass to its end. SYNC_BUSY when one over this source runs here already. */
  run(
    request: Pick<PassRequest, 'source' | 'kind' | 'days'>,
    trigger: RunTrigger,
    waitMs: number,
  ): Promise<PassResult>;
  /** The pass under way over a source; null: none. */
  progress(source: SyncSource): PassProgress | null;
  /** Cancels a person's or the schedule's pass; false where there is none, or it is too late. */
  cancel(source: SyncSource): boolean;
  /** Leadership is gone: another may start at any moment, so what the schedule began here ends. */
  stopScheduled(): void;
}

export function runPasses(parts: {
  deps: PassDeps;
  closing: AbortSignal;
  /** The term of this process's lease; null while it does not lead. */
  term(): number | null;
  onProgress(progress: PassProgress): void;
}): Passes {
  const { deps, closing } = parts;
  const running = new Map<
    SyncSource,
    { progress: PassProgress; cancel: AbortController; trigger: RunTrigger }
  >();
  return {
    async run({ source, kind, days = null }, trigger, waitMs) {
      if (running.has(source)) {
        throw new OpsdeckError(
          'SYNC_BUSY',
          `A pass over ${source} is under way here already. Wait for it or cancel it.`,
        );
      }
      const cancel = new AbortController();
      const idle = firstProgress(source, source === 'agents' ? 'names' : kind);
      running.set(source, { progress: idle, cancel, trigger });
      try {
        return await runPass(deps, {
          source,
          kind,
          days,
          trigger,
          term: trigger === 'schedule' ? parts.term() : null,
          signal: AbortSignal.any([cancel.signal, closing]),
          waitMs,
          onProgress(progress) {
            if (progress.stage === 'ended') running.delete(source);
            else running.set(source, { progress, cancel, trigger });
            parts.onProgress(progress);
          },
        });
      } finally {
        running.delete(source);
      }
    },
    progress: (source) => running.get(source)?.progress ?? null,
    cancel(source) {
      const found = running.get(source);
      if (!found?.progress.cancellable) return false;
      found.cancel.abort(cancelled());
      return true;
    },
    stopScheduled() {
      for (const { cancel, trigger } of running.values())
        if (trigger === 'schedule') cancel.abort(cancelled());
    },
  };
}

/** Why a pass ended before its end. */
export function cancelled(): OpsdeckError {
  return new OpsdeckError('CANCELLED', 'The pass was cancelled; nothing of it was applied.');
}
