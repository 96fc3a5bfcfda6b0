import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { parseJson } from '../upstream/read-json.ts';
import { UpstreamError } from '../upstream/upstream-error.ts';
import { catalogueRows } from './catalogue-rows.ts';
import { foldCatalogue } from './fold-catalogue.ts';
import type { FoldAnswer } from './folding-thread.ts';

/*
 * Parses and folds catalogues beside the main thread: parsing 7 MB alone would stop every window for a tenth of a
 * second. Gets the body, answers rows that are ready for COPY.
 */
parentPort?.on('message', (body: Uint8Array) => {
  const { answer, moved } = fold(body);
  parentPort?.postMessage(answer, moved);
});

function fold(body: Uint8Array): { answer: FoldAnswer; moved: ArrayBuffer[] } {
  try {
    const { facts, ...rest } = foldCatalogue(parseJson(body));
    const chunks = catalogueRows(facts);
    const digest = createHash('sha256');
    for (const chunk of chunks) digest.update(chunk);
    const answer: FoldAnswer = {
      kind: 'folded',
      ...rest,
      packages: facts.length,
      digest: digest.digest('hex'),
      chunks,
    };
    return { answer, moved: chunks.map((chunk) => chunk.buffer) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { answer: { kind: 'unreadable', message: error.message }, moved: [] };
  }
}
