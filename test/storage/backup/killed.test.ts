import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/main/clock.ts';
import { verifyBackup } from '../../../src/main/storage/backup/verify-backup.ts';
import { backUp } from '../../../src/main/system/backups/back-up.ts';
import { silentLog } from '../../deals/pass-office.ts';
import { createTestDatabase, testServers, type TestDatabase } from '../../support/postgres.ts';
import { fillOffice, fingerprint } from './filled-office.ts';

/** Kills of each kind; more by the environment. */
const rounds = Number(process.env['OPSDECK_KILL_ROUNDS'] ?? 5);
const seed = Number(process.env['OPSDECK_SEED'] ?? Date.now() % 1_000_000);
console.log(`kill -9 of backups: ${rounds} rounds, seed ${seed}`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsdeck-killed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts it in a process of its own; resolves once it says `line`. */
async function startUntil(line: string, what: string, url: string, path: string) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'backup-process.ts'), what, url, path, folder],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const exit = once(child, 'exit');
  const lines = createInterface(child.stdout);
  await new Promise<void>((resolve) => lines.on('line', (said) => said === line && resolve()));
  return { child, exit };
}

/** Starts it and kills it so long after its work has begun; answers how long it worked, when it had ended by then. */
async function killAfter(ms: number, what: string, url: string, path: string): Promise<number | null> {
  const { child, exit } = await startUntil('begun', what, url, path);
  const begun = performance.now();
  const ended = await Promise.race([exit.then(() => performance.now() - begun), sleep(ms, null)]);
  child.kill('SIGKILL');
  await exit;
  return ended;
}

/** Instants spread over the time that the whole takes, each at another place of its share. */
function instants(wholeMs: number): number[] {
  let state = seed;
  const random = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  return Array.from({ length: rounds }, (_, n) => ((n + random()) / rounds) * wholeMs);
}

async function timed(what: string, url: string, path: string): Promise<number> {
  const took = await killAfter(60_000, what, url, path);
  expect(took).not.toBeNull();
  return took!;
}

/** The server undoes what the killed process had not committed. */
async function untilUndone(db: TestDatabase): Promise<void> {
  await vi.waitFor(async () => {
    const others = await db.query(
      `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
          and application_name in ('opsdeck restore', 'opsdeck backup', 'to be killed')`,
    );
    expect(others.rowCount).toBe(0);
  }, 20_000);
}

describe.each(testServers())('killed at any point, on PostgreSQL $name', ({ url }) => {
  it('a backup is whole under its name, or is not there', async () => {
    const db = await createTestDatabase(url);
    await fillOffice(db, 12_000);
    const whole = await timed('backup', db.url, join(folder, `${db.url.slice(-8)}-timed.backup`));
    let there = 0;
    for (const [n, ms] of instants(whole).entries()) {
      const path = join(folder, `${db.url.slice(-8)}-${n}.backup`);
      await killAfter(ms, 'backup', db.url, path);
      if (!existsSync(path)) continue;
      there += 1;
      await verifyBackup(path);
    }
    console.log(`backups killed: ${rounds}, whole: ${there}, bad: 0`);
    expect(there).toBeLessThan(rounds);
    await db.drop();
  });

  it('a restore has put back everything, or nothing', async () => {
    const db = await createTestDatabase(url);
    await fillOffice(db, 6_000);
    const except = [
      'audit_log',
      'audit_head',
      'system_config',
      'system_health_logs',
      'change_log',
      'change_counter',
    ];
    const restored = await fingerprint(db, except);
    const path = join(folder, `${db.url.slice(-8)}-source.backup`);
    const deps = {
      database: db,
      clock: systemClock(),
      log: silentLog,
      folder,
      place: 't',
      label: 't',
      sandbox: false,
    };
    const made = { kind: 'manual', path, actor: null, signal: new AbortController().signal } as const;
    await backUp({ ...deps, holder: 't' }, made);
    const whole = await timed('restore', db.url, path);
    expect(await fingerprint(db, except)).toEqual(restored);

    const counts = { restored: 0, untouched: 0 };
    for (const [n, ms] of instants(whole).entries()) {
      await db.query(`insert into deals (lead_id, user_id, order_date, status, upstream_updated_at)
                      values ('later ${n}', 1, now(), 'success', now())`);
      await db.query('delete from sms_messages where user_id = 3');
      const untouched = await fingerprint(db, except);
      await killAfter(ms, 'restore', db.url, path);
      await untilUndone(db);
      const now = await fingerprint(db, except);
      const isRestored = JSON.stringify(now) === JSON.stringify(restored);
      if (!isRestored) expect(now).toEqual(untouched);
      counts[isRestored ? 'restored' : 'untouched'] += 1;
    }
    console.log(`restores killed: ${rounds}`, counts);
    expect(counts.untouched).toBeGreaterThan(0);
    await db.drop();
  });
});

describe('the naive ways', () => {
  it('leave a bad file under the final name', async () => {
    const db = await createTestDatabase();
    await fillOffice(db, 12_000);
    const whole = await timed('naive-backup', db.url, join(folder, 'naive-timed.backup'));
    let bad = 0;
    for (const [n, ms] of instants(whole).entries()) {
      const path = join(folder, `naive-${n}.backup`);
      await killAfter(ms, 'naive-backup', db.url, path);
      if (existsSync(path)) await verifyBackup(path).catch(() => (bad += 1));
    }
    expect(bad).toBeGreaterThan(0);
    await db.drop();
  });

  it('leave a database of two times', async () => {
    const db = await createTestDatabase();
    await fillOffice(db, 500);
    const path = join(folder, 'for-naive.backup');
    await timed('naive-backup', db.url, path);
    const before = await fingerprint(db);
    const { child, exit } = await startUntil('halfway', 'naive-restore', db.url, path);
    child.kill('SIGKILL');
    await exit;
    await untilUndone(db);
    const after = await fingerprint(db);
    const emptied = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(emptied.length).toBeGreaterThan(0);
    expect(emptied.length).toBeLessThan(Object.keys(before).length);
    await db.drop();
  });
});
