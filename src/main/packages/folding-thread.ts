import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { resourcePath } from '../resource-folder.ts';
import { UpstreamError, cancelled } from '../upstream/upstream-error.ts';
import type { FoldedCatalogue } from './fold-catalogue.ts';

/** The catalogue as it is streamed into the stage, and what was found on the way. */
export type CatalogueAnswer = Omit<FoldedCatalogue, 'facts'> & {
  packages: number;
  /** Of all rows: the same packages have the same, in whatever order their places came. */
  digest: string;
  chunks: Uint8Array<ArrayBuffer>[];
};

export type FoldAnswer = ({ kind: 'folded' } & CatalogueAnswer) | { kind: 'unreadable'; message: string };

/** Parses and folds answers beside the main thread. */
export interface FoldingThread {
  /** Starts the thread, so that it is there when the answer is. */
  warm(): void;
  /** The body is handed over: it is empty afterwards. UPSTREAM_UNREADABLE, CANCELLED. */
  fold(body: Uint8Array, signal?: AbortSignal): Promise<CatalogueAnswer>;
  close(): Promise<void>;
}

/** A thread is kept this long for the next answer, in ms: a broken one is asked for again, and people ask twice. */
const keptMs = 60_000;

/** Nothing runs until it is needed; a thread that waits keeps no process alive. */
export function createFoldingThread(options: { keptMs?: number } = {}): FoldingThread {
  let waiting: { thread: Worker; end: NodeJS.Timeout } | null = null;

  function begin(): Worker {
    const thread = new Worker(workerFile());
    // Whoever asked it something hears of these too; one that waits is only replaced.
    thread.on('error', () => {}).once('exit', () => waiting?.thread === thread && void drop());
    return thread;
  }

  function keep(thread: Worker): void {
    if (waiting) return void thread.terminate();
    waiting = { thread, end: setTimeout(() => void drop(), options.keptMs ?? keptMs).unref() };
    thread.unref();
  }

  async function drop(): Promise<void> {
    const dropped = waiting;
    waiting = null;
    if (!dropped) return;
    clearTimeout(dropped.end);
    await dropped.thread.terminate();
  }

  function take(): Worker {
    const taken = waiting;
    waiting = null;
    if (!taken) return begin();
    clearTimeout(taken.end);
    taken.thread.ref();
    return taken.thread;
  }

  return {
    warm: () => waiting ?? keep(begin()),
    async fold(body, signal) {
      if (signal?.aborted) throw cancelled(signal.reason);
      const thread = take();
      let answer: FoldAnswer;
      try {
        answer = await answerOf(thread, body, signal);
      } catch (error) {
        // What it was at is of no use any more; the next answer gets a thread of its own.
        void thread.terminate();
        throw error;
      }
      keep(thread);
      if (answer.kind === 'unreadable') throw new UpstreamError('UPSTREAM_UNREADABLE', answer.message);
      return answer;
    },
    close: drop,
  };
}

async function answerOf(thread: Worker, body: Uint8Array, signal?: AbortSignal): Promise<FoldAnswer> {
  // A small one lies in a pool that others use too, and cannot be handed over.
  const whole = body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
  const settled = new AbortController();
  const until = { signal: AbortSignal.any([settled.signal, ...(signal ? [signal] : [])]) };
  const ended = once(thread, 'exit', until).then(() => {
    throw new Error('the thread that reads the catalogue ended without an answer');
  });
  try {
    // Rejects with what went wrong in the thread.
    const answer = once(thread, 'message', until);
    thread.postMessage(whole, [whole.buffer as ArrayBuffer]);
    const [value] = (await Promise.race([answer, ended])) as [FoldAnswer];
    return value;
  } catch (error) {
    throw signal?.aborted ? cancelled(signal.reason) : error;
  } finally {
    settled.abort();
    await ended.catch(() => {});
  }
}

/** Beside this module from the sources; from a bundle, the entry that electron.vite.config.ts makes of it. */
function workerFile(): URL | string {
  return import.meta.filename.endsWith('.ts')
    ? new URL('./fold-worker.ts', import.meta.url)
    : resourcePath('out', 'main', 'fold-worker.js');
}
