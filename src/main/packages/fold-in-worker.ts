import { Worker } from 'node:worker_threads';
import { resourcePath } from '../resource-folder.ts';
import { UpstreamError, cancelled } from '../upstream/upstream-error.ts';
import type { FoldedCatalogue } from './fold-catalogue.ts';

/** The catalogue as it is streamed into the stage, and what was found on the way. */
export type CatalogueAnswer = Omit<FoldedCatalogue, 'facts'> & {
  packages: number;
  chunks: Uint8Array<ArrayBuffer>[];
};

export type FoldAnswer = ({ kind: 'folded' } & CatalogueAnswer) | { kind: 'unreadable'; message: string };

/** Parses and folds an answer in a thread of its own. The body is handed over: it is empty afterwards. UPSTREAM_UNREADABLE, CANCELLED. */
export async function foldInWorker(body: Uint8Array, signal?: AbortSignal): Promise<CatalogueAnswer> {
  if (signal?.aborted) throw cancelled(signal.reason);
  const worker = new Worker(workerFile());
  const abort = new AbortController();
  try {
    const answer = await new Promise<FoldAnswer>((resolve, reject) => {
      const stop = () => reject(cancelled(signal?.reason));
      signal?.addEventListener('abort', stop, { signal: abort.signal });
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(new Error('the thread that reads the catalogue ended without an answer')),
      );
      // A small one lies in a pool that others use too, and cannot be handed over.
      const whole = body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
      worker.postMessage(whole, [whole.buffer as ArrayBuffer]);
    });
    if (answer.kind === 'unreadable') throw new UpstreamError('UPSTREAM_UNREADABLE', answer.message);
    return answer;
  } finally {
    abort.abort();
    await worker.terminate();
  }
}

/** Beside this module from the sources; from a bundle, the entry that electron.vite.config.ts makes of it. */
function workerFile(): URL | string {
  return import.meta.filename.endsWith('.ts')
    ? new URL('./fold-worker.ts', import.meta.url)
    : resourcePath('out', 'main', 'fold-worker.js');
}
