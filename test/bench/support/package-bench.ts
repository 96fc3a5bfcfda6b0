import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { officeDefaults } from '../../../src/shared/contract/settings.ts';
import { systemClock } from '../../../src/main/clock.ts';
import { silentLog } from '../../../src/main/log.ts';
import { createFoldingThread } from '../../../src/main/packages/folding-thread.ts';
import { createRoamifyClient } from '../../../src/main/packages/roamify-client.ts';
import { runCataloguePass, type PackageDeps } from '../../../src/main/packages/run-catalogue-pass.ts';
import type { Database } from '../../../src/main/storage/postgres.ts';

/** The supplier in a process of its own. */
export async function startSupplier(): Promise<{ url: string; stop(): void }> {
  const child = fork(join(import.meta.dirname, 'roamify-process.ts'));
  const [url] = (await once(child, 'message')) as [string];
  return { url, stop: () => void child.kill() };
}

/** What passes over packages are made with; `body` answers in place of the network. */
export function packageDeps(database: Database, url: string, body?: () => Uint8Array): PackageDeps {
  const clock = systemClock();
  const answer = body && (async () => new Response(inPieces(body())));
  return {
    ...{ database, clock, log: silentLog(), processId: randomUUID(), holder: 'bench' },
    missing: () => [],
    connect: () =>
      createRoamifyClient({ baseUrl: url, token: 'sandbox', clock, ...(answer ? { fetch: answer } : {}) }),
    readSettings: async () => officeDefaults,
    folding: createFoldingThread(),
  };
}

/** One pass as a person asks for it. */
export function passOver(deps: PackageDeps) {
  return runCataloguePass(deps, { trigger: 'person', signal: new AbortController().signal, waitMs: 5_000 });
}

/** As a network hands it over. */
function inPieces(body: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(stream) {
      if (at >= body.length) return stream.close();
      stream.enqueue(body.subarray(at, (at += 65_536)));
    },
  });
}
