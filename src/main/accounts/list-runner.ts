import type {
  AccountAnswer,
  AccountRequest,
  ListProgress,
  ListRow,
  RowResult,
} from '../../shared/contract/accounts.ts';
import type { Log } from '../log.ts';
import { runList } from './run-list.ts';

/** The one list of this console that runs, or ran last. */
export interface ListRunner {
  /** False when one is under way. */
  start(rows: readonly ListRow[]): boolean;
  cancel(): boolean;
  /** With all results so far; null: none since the start. */
  state(): ListProgress | null;
  subscribe(listener: (progress: ListProgress) => void): () => void;
  /** Lets what is under way end; the rest is not begun. */
  close(): Promise<void>;
}

export function createListRunner(parts: {
  submit(request: AccountRequest, signal: AbortSignal): Promise<AccountAnswer>;
  log: Log;
}): ListRunner {
  const listeners = new Set<(progress: ListProgress) => void>();
  let running: { cancel: AbortController; ended: Promise<unknown> } | null = null;
  let last: ListProgress | null = null;
  let results: RowResult[] = [];

  function tell(progress: ListProgress): void {
    results.push(...progress.rows);
    last = progress;
    for (const listener of listeners) listener(progress);
  }

  return {
    start(rows) {
      if (running) return false;
      const cancel = new AbortController();
      results = [];
      const ended = runList(rows, { submit: parts.submit, signal: cancel.signal, onProgress: tell })
        .catch((error: unknown) => parts.log.error('A list of accounts ended unexpectedly', { error }))
        .finally(() => (running = null));
      running = { cancel, ended };
      return true;
    },
    cancel() {
      running?.cancel.abort();
      return running !== null;
    },
    state: () => last && { ...last, rows: [...results].sort((a, b) => a.line - b.line) },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      running?.cancel.abort();
      await running?.ended;
    },
  };
}
