import type { Config } from './config.ts';
import { embeddedName } from './database-place.ts';
import { OpsdeckError } from './errors.ts';
import type { Log } from './log.ts';
import {
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from './storage/embedded-postgres.ts';
import type { ProcessKind } from './system/processes.ts';

/** Where the database is. */
interface OpenServer {
  url: string;
  embedded: boolean;
  /** Starts an embedded server again that has ended under us. */
  revive(): Promise<void>;
}

/** The configured database, or the embedded one of the data folder: practice data has a database of its own. */
export async function openServer(
  options: { config: Config; log: Log; kind: ProcessKind; signal?: AbortSignal },
  undo: (() => Promise<void>)[],
): Promise<OpenServer> {
  const { config, log, kind, signal } = options;
  if (config.databaseUrl) return { url: config.databaseUrl, embedded: false, revive: async () => {} };
  const start = () =>
    startServer(() =>
      startEmbeddedPostgres({
        dataFolder: config.dataFolder,
        log: (line) => log.info(line),
        ownerKind: kind,
        ...(signal ? { signal } : {}),
      }),
    );
  let server = await start();
  undo.push(() => server.stop());
  const name = embeddedName(config);
  await server.ensureDatabase(name);
  return {
    url: server.urlFor(name),
    embedded: true,
    async revive() {
      const before = server;
      // On the port of last time, so that connections find it again. Joined first, left after: it must not stop between.
      server = await start();
      await before.stop();
    },
  };
}

async function startServer(start: () => Promise<EmbeddedPostgres>): Promise<EmbeddedPostgres> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError)) throw error;
    throw new OpsdeckError('DATABASE_AWAY', error.message, { cause: error });
  }
}
