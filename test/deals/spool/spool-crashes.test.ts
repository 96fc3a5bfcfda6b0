import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '../../../src/main/sandbox/seeded-random.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { drain, openSpool } from './spool-office.ts';

const points = [
  'before-local-commit',
  'after-local-commit',
  'before-server-commit',
  'after-server-commit',
  'before-remove',
  'during-remove',
  'after-remove',
];
const kills = Number(process.env['OPSDECK_SPOOL_KILLS'] ?? 2);
const seed = process.env['OPSDECK_SPOOL_SEED'] ?? String(Date.now());
/** Beyond what a process takes to start, in ms. */
const longestLife = 900;

let database: TestDatabase;
let nextLead = 1_000;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Runs until the process is dead, by itself or after so many ms from its first reading; answers what it had read. */
function crash(path: string, point: string, how: string, lifeMs: number | null): Promise<string[]> {
  const script = join(import.meta.dirname, 'crash-spool.ts');
  const first = nextLead;
  nextLead += 100_000;
  return new Promise((resolve, reject) => {
    const args = [script, path, database.url, point, String(first), how];
    const child = execFile(process.execPath, args, { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (child.signalCode !== 'SIGKILL') reject(new Error(`ended by itself: ${stderr} ${String(error)}`));
      else resolve([...stdout.matchAll(/^read (\d+)$/gm)].map(([, lead]) => lead!));
    });
    if (lifeMs !== null)
      child.stdout?.once('data', () => setTimeout(() => child.kill('SIGKILL'), lifeMs).unref());
  });
}

/** Leads without a deal, and those with more than one, once what is left on the disk is saved. */
async function lostAndDoubled(path: string, leads: readonly string[]) {
  const { durable, spool } = openSpool(path);
  // Whoever held it is dead: nobody waits here until it runs out.
  await database.query(`update sync_permits set expires_at = clock_timestamp() where token is not null`);
  expect(await drain(database, spool)).toBe('empty');
  expect(spool.count()).toBe(0);
  durable.close();
  const counted = await database.query<{ lead: string; deals: number }>(
    `select l.lead, (select count(*)::int from deals d where d.lead_id = l.lead) as deals
       from unnest($1::text[]) as l (lead)`,
    [[...leads]],
  );
  return {
    lost: counted.rows.filter(({ deals }) => deals === 0).map(({ lead }) => lead),
    doubled: counted.rows.filter(({ deals }) => deals > 1).map(({ lead }) => lead),
  };
}

const newPath = () => join(mkdtempSync(join(tmpdir(), 'opsdeck-spool-')), 'durable.sqlite');

it.each(points)('a process killed %s loses no reading and saves none twice', async (point) => {
  const path = newPath();
  const leads = await crash(path, point, '', null);
  expect(leads).toHaveLength(point === 'before-local-commit' ? 0 : 3);
  expect(await lostAndDoubled(path, leads)).toEqual({ lost: [], doubled: [] });
});

it(`a process killed at any instant loses no reading and saves none twice (${kills} kills)`, async () => {
  const random = seededRandom(seed);
  for (let kill = 0; kill < kills; kill += 1) {
    const path = newPath();
    const lifeMs = Math.round(random.next() * longestLife);
    const leads = await crash(path, 'never', '', lifeMs);
    expect(await lostAndDoubled(path, leads), `seed ${seed}, kill ${kill} after ${lifeMs} ms`).toEqual({
      lost: [],
      doubled: [],
    });
  }
}, 600_000);

it('a naive spool, which deletes before the commit, loses what it was saving', async () => {
  const path = newPath();
  const leads = await crash(path, 'before-server-commit', 'naive', null);
  expect((await lostAndDoubled(path, leads)).lost).toEqual(leads);
});
