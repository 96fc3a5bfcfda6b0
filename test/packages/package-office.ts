import { randomUUID } from 'node:crypto';
import { officeDefaults } from '../../src/shared/contract/settings.ts';
import { createFoldingThread } from '../../src/main/packages/folding-thread.ts';
import { createRoamifyClient, type RoamifyClientOptions } from '../../src/main/packages/roamify-client.ts';
import {
  runCataloguePass,
  type CatalogueRequest,
  type PackageDeps,
} from '../../src/main/packages/run-catalogue-pass.ts';
import { addMapping, type ChangeDeps } from '../../src/main/packages/change-mapping.ts';
import {
  startRoamify,
  type RoamifyOptions,
  type RoamifySandbox,
} from '../../src/main/sandbox/roamify/start-roamify.ts';
import { movableClock, silentLog, type MovableClock } from '../deals/pass-office.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

/** A simulated supplier, a database and what lies between them. */
export interface PackageOffice {
  vendor: RoamifySandbox;
  database: TestDatabase;
  clock: MovableClock;
  deps: PackageDeps;
  changes: ChangeDeps;
  pass(options?: Partial<CatalogueRequest>): ReturnType<typeof runCataloguePass>;
  sell(resellerId: string, price?: number | null): ReturnType<typeof addMapping>;
  rows<Row extends Record<string, unknown>>(sql: string, values?: (string | number | null)[]): Promise<Row[]>;
  count(table: string, where?: string): Promise<number>;
  close(): Promise<void>;
}

const quick = { tries: 2, baseMs: 1, capMs: 2, busyTries: 2, busyBaseMs: 1, busyCapMs: 2 };

export async function openPackageOffice(
  options: { vendor?: RoamifyOptions; client?: Partial<RoamifyClientOptions>; url?: string } = {},
): Promise<PackageOffice> {
  const vendor = await startRoamify({
    size: 1_200,
    changesByDay: false,
    ...options.vendor,
    switches: { failureMs: 0 },
  });
  const database = await createTestDatabase();
  const clock = movableClock('2026-11-16T11:00:00Z');
  const deps: PackageDeps = {
    ...{ database, clock, log: silentLog, processId: randomUUID(), holder: 'test 1' },
    missing: () => [],
    connect: () =>
      createRoamifyClient({
        baseUrl: options.url ?? vendor.url,
        token: vendor.token,
        clock,
        patience: quick,
        ...options.client,
      }),
    readSettings: async () => officeDefaults,
    folding: createFoldingThread(),
  };
  const changes = { database, clock, actor: 'anna', console: 'test 1' };
  return {
    ...{ vendor, database, clock, deps, changes },
    pass: (given) =>
      runCataloguePass(deps, {
        trigger: 'person',
        signal: new AbortController().signal,
        waitMs: 5_000,
        ...given,
      }),
    sell: (resellerId, price = null) => addMapping(changes, { resellerId, price }),
    rows: async (sql, values) => (await database.query<never>(sql, values)).rows,
    count: async (table, where = 'true') =>
      (await database.query<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`)).rows[0]!
        .n,
    async close() {
      await deps.folding.close();
      await vendor.close();
      await database.drop();
    },
  };
}
