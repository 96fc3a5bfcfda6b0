import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { resourcePath } from '../../../src/main/resource-folder.ts';
import { startEmbeddedPostgres } from '../../../src/main/storage/embedded-postgres.ts';
import { migrate } from '../../../src/main/storage/migrate.ts';
import { openDatabase, type Database } from '../../../src/main/storage/postgres.ts';
import type { Report } from './report.ts';

export interface BenchServer {
  /** A migrated database of its own, as the program opens it. */
  open(name: string): Promise<Database>;
  /** A bare connection to a database, with the driver's own defaults. */
  connect(name: string): Promise<pg.Client>;
  close(): Promise<void>;
}

/** Starts the program's own embedded Postgres, as it ships (fsync on), in a folder that is gone afterwards. */
export async function startBenchServer(report: Report): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-bench-'));
  const undo: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const server = await startEmbeddedPostgres({ dataFolder: folder, log: () => {}, ownerKind: 'cli' });
  undo.push(() => server.stop());
  const close = async () => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  // An interrupted bench must not leave its server behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void close().finally(() => process.exit(130)));
  }
  const connect = async (name: string) => {
    const client = new pg.Client({ connectionString: server.urlFor(name) });
    await client.connect();
    undo.push(() => client.end());
    return client;
  };
  const about = await connect('postgres');
  const { rows } = await about.query<{ version: string; fsync: string; commit: string }>(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as commit`,
  );
  report.version(
    'postgres',
    `${rows[0]!.version} (fsync ${rows[0]!.fsync}, synchronous_commit ${rows[0]!.commit})`,
  );
  return {
    connect,
    async open(name) {
      await server.ensureDatabase(name);
      const database = openDatabase({ url: server.urlFor(name), applicationName: 'opsdeck bench' });
      let closed: Promise<void> | undefined;
      const close = () => (closed ??= database.close());
      undo.push(close);
      await migrate(database, resourcePath('migrations', 'postgres'));
      return { ...database, close };
    },
    close,
  };
}
