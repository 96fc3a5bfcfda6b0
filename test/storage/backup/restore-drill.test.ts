import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/main/clock.ts';
import { migrate } from '../../../src/main/storage/migrate.ts';
import { openDatabase, type Database } from '../../../src/main/storage/postgres.ts';
import { verifyBackup } from '../../../src/main/storage/backup/verify-backup.ts';
import { appendAudit, verifyAudit } from '../../../src/main/system/audit.ts';
import { backUp, type BackupDeps } from '../../../src/main/system/backups/back-up.ts';
import { restore, type RestoreRequest } from '../../../src/main/system/backups/restore.ts';
import { currentSeq, readChanges } from '../../../src/main/system/change-log.ts';
import { databaseEpoch } from '../../../src/main/system/database-epoch.ts';
import { silentLog } from '../../deals/pass-office.ts';
import {
  createEmptyDatabase,
  createTestDatabase,
  migrationsFolder,
  testServers,
  type TestDatabase,
} from '../../support/postgres.ts';
import { fillOffice, fingerprint } from './filled-office.ts';

/** What a restore writes itself: its audit entry, its new life, its event; and what belongs to the moment. */
const ofRestore = ['audit_log', 'audit_head', 'system_config', 'system_health_logs'];
const ofMoment = [
  'duplicate_claims',
  'change_log',
  'change_counter',
  'processes',
  'leader_lease',
  'sync_permits',
];
const differing = [...ofRestore, ...ofMoment];

const never = new AbortController().signal;
let folder: string;
const drops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opsdeck-backup-'));
});
afterEach(async () => {
  await Promise.all(drops.splice(0).map((drop) => drop()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function database(serverUrl?: string): Promise<TestDatabase> {
  const made = await createTestDatabase(serverUrl);
  drops.push(made.drop);
  return made;
}

function depsOf(db: Database, over: Partial<BackupDeps> = {}): BackupDeps & { migrationsFolder: string } {
  const parts = { clock: systemClock(), log: silentLog, folder, place: 'test', label: 'test' };
  return { database: db, ...parts, sandbox: false, holder: 'test 1@host', migrationsFolder, ...over };
}

let names = 0;
async function backedUp(db: Database, over: Partial<BackupDeps> = {}): Promise<string> {
  const path = join(folder, `drill-${++names}.backup`);
  await backUp(depsOf(db, over), { kind: 'manual', path, actor: null, signal: never });
  return path;
}

function into(
  db: Database,
  path: string,
  over: Partial<RestoreRequest> = {},
  deps: Partial<BackupDeps> = {},
) {
  const request = { path, actor: 'anna', yes: false, saveFirst: false, signal: never };
  return restore(depsOf(db, deps), { ...request, ...over });
}

describe.each(testServers())('a restore on PostgreSQL $name', ({ url }) => {
  it('has equal rows in every table, wherever the backup was made', async () => {
    for (const source of testServers()) {
      const from = await database(source.url);
      await fillOffice(from);
      const path = await backedUp(from);
      const to = await database(url);
      const restored = await into(to, path);
      expect(await fingerprint(to, differing)).toEqual(await fingerprint(from, differing));
      expect(restored).toMatchObject({
        skipped: [],
        migrated: false,
        saved: null,
        audit: { ok: true, rows: 4 },
      });
      expect(await verifyAudit(to)).toEqual({ ok: true, rows: 5 });
      const audit = (db: Database) =>
        db.query(
          `select encode(hash, 'hex') as hash, note from audit_log where action = 'settings.change' order by id`,
        );
      expect((await audit(to)).rows).toEqual((await audit(from)).rows);
    }
  });

  it('goes on counting where the database had come to, with triggers and keys in force', async () => {
    const from = await database(url);
    await fillOffice(from, 300);
    const path = await backedUp(from);
    const to = await database(url);
    await into(to, path);
    const insert = (lead: string) =>
      `insert into deals (lead_id, user_id, order_date, status, upstream_updated_at)
       values ('${lead}', 1, '2026-11-22', 'success', now()) returning id`;
    const [next] = (await to.query<{ id: number }>(insert('new'))).rows;
    expect(next!.id).toBe(301);
    await expect(to.query(insert('new'))).rejects.toThrow(/deals_one_following_per_lead/);
    await expect(to.query('update audit_log set actor = actor')).rejects.toThrow(/append-only/);
    await expect(to.query('update deals set replaced_by = 999999 where id = 1')).rejects.toThrow(
      /foreign key/,
    );
    const rolled = `select (select sum(deals) from board_days) = (select sum(multi_deals) from deals where not is_duplicate)
                       and (select zone from board_zone) is not null as right`;
    expect((await to.query(rolled)).rows).toEqual([{ right: true }]);
  });

  it('replaces what is there only with a yes, saves it first, and begins a new life', async () => {
    const db = await database(url);
    await fillOffice(db, 200);
    await db.query(
      `insert into duplicate_claims (duplicate_id, process_id, actor, until)
       select id, gen_random_uuid(), 'erik', now() + interval '2 minutes' from pending_duplicates limit 3`,
    );
    const before = await fingerprint(db, differing);
    const path = await backedUp(db);
    const epoch = await databaseEpoch(db);
    await db.query(
      `insert into applied_decisions (decision_id, duplicate_id, outcome) values (gen_random_uuid(), 1, '{}')`,
    );
    await db.query(`delete from sms_messages`);
    await db.query(`update deals set status = 'other'`);
    await db.query(`insert into sync_permits (source, token) values ('deals', gen_random_uuid())`);
    await db.transaction((tx) =>
      appendAudit(tx, { at: new Date(), actor: 'erik', console: 'x', action: 'later' }),
    );
    const seq = await currentSeq(db);
    const changed = await fingerprint(db, differing);

    await expect(into(db, path)).rejects.toMatchObject({ code: 'BAD_REQUEST', message: /--yes/ });
    expect(await fingerprint(db, differing)).toEqual(changed);

    const restored = await into(db, path, { yes: true, saveFirst: true });
    expect(await fingerprint(db, differing)).toEqual(before);
    // Claims of the backup's time are nobody's; a decision made after it is unknown, so that it may be sent again.
    const left =
      'select (select count(*) from duplicate_claims) + (select count(*) from applied_decisions) as n';
    expect((await db.query<{ n: number }>(left)).rows[0]!.n).toBe(0);
    expect(restored.epoch).not.toBe(epoch.id);
    expect(await databaseEpoch(db)).toEqual({ id: restored.epoch, backupAt: restored.backupAt });
    const changes = await readChanges(db, 0, 100);
    expect(changes.map((change) => change.kind)).toEqual(['health', 'restored']);
    // A follower of the life before finds a gap, however far it had come.
    expect(changes[0]!.seq).toBeGreaterThan(seq + 1);
    expect((await db.query(`select token from sync_permits where source = 'deals'`)).rows).toEqual([
      { token: null },
    ]);
    const last = await db.query(`select actor, action from audit_log order by id desc limit 1`);
    expect(last.rows).toEqual([{ actor: 'anna', action: 'database.restore' }]);

    // And back again: what was replaced is in the file that was made first.
    await into(db, restored.saved!, { yes: true });
    expect(await fingerprint(db, differing)).toEqual(changed);
  });
});

describe('a backup of an older schema', () => {
  it('is brought up to date; rights and views of others on our tables stay', async () => {
    const empty = await createEmptyDatabase();
    const older = openDatabase({ url: empty.url, applicationName: 'older' });
    drops.push(async () => {
      await older.close();
      await empty.drop();
    });
    const first = '0001_first-slice.sql';
    const olderFolder = await mkdtemp(join(folder, 'migrations-'));
    await writeFile(join(olderFolder, first), await readFile(join(migrationsFolder, first)));
    await migrate(older, olderFolder);
    await fillOffice(older, 300);
    const path = await backedUp(older);
    const olderPrint = await fingerprint(older, [...differing, 'pending_duplicates', 'deals', 'sync_runs']);

    const to = await database();
    await fillOffice(to, 20);
    await to.query('create view of_the_office as select lead_id from deals');
    const restored = await into(to, path, { yes: true });
    expect(restored).toMatchObject({ migrated: true, skipped: [], audit: { ok: true } });
    expect(await fingerprint(to, differing)).toMatchObject(olderPrint);
    expect((await to.query('select count(*)::int as n from of_the_office')).rows).toEqual([{ n: 297 }]);
    // The standings that the older schema did not have were counted on the way.
    const sums = `select (select sum(deals) from board_days) = (select sum(multi_deals) from deals where not is_duplicate) as equal`;
    expect((await to.query(sums)).rows).toEqual([{ equal: true }]);
    const left = await to.query(`select 1 from pg_namespace where nspname = 'opsdeck_restore'`);
    expect(left.rowCount).toBe(0);
  });
});

describe('a backup', () => {
  it('is of one instant, whatever is written meanwhile', async () => {
    const db = await database();
    await fillOffice(db, 3_000);
    let writing = true;
    // Each transaction writes to tables far apart in the copy's order.
    const writer = (async () => {
      for (let n = 0; writing; n++) {
        await db.transaction(async (tx) => {
          await tx.query(`insert into agents (user_id, name) values ($1, 'w')`, [10_000 + n]);
          await tx.query(`insert into system_health_logs (event_type, message) values ('INFO', 'w')`);
        });
      }
    })();
    const paths = [await backedUp(db), await backedUp(db), await backedUp(db)];
    writing = false;
    await writer;
    for (const path of paths) {
      const to = await database();
      await into(to, path);
      const found = await to.query<{ agents: number; events: number }>(
        `select (select count(*) from agents where name = 'w') as agents,
                (select count(*) from system_health_logs where message = 'w') as events`,
      );
      expect(found.rows[0]!.agents).toBe(found.rows[0]!.events);
    }
  });

  it('is refused when a byte of it was changed or its end is missing, and nothing is touched', async () => {
    const db = await database();
    await fillOffice(db, 200);
    const path = await backedUp(db);
    const whole = await readFile(path);
    const before = await fingerprint(db);
    const damaged = join(folder, 'damaged.backup');
    const refused = async () => {
      await expect(verifyBackup(damaged)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
      await expect(into(db, damaged, { yes: true })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    };
    for (let n = 0; n < 40; n++) {
      const bytes = Buffer.from(whole);
      const at = Math.floor((n / 40) * bytes.length);
      bytes[at] = bytes[at]! ^ (1 << (n % 8));
      await writeFile(damaged, bytes);
      await refused();
    }
    for (const length of [0, 5, 17, 100, Math.floor(whole.length / 2), whole.length - 1]) {
      await writeFile(damaged, whole);
      await truncate(damaged, length);
      await refused();
    }
    await writeFile(damaged, 'deals, sms\n1,2\n');
    await refused();
    expect(await fingerprint(db)).toEqual(before);
    await verifyBackup(path);
  });

  it('never takes the place of a file that is there', async () => {
    const db = await database();
    const path = join(folder, 'taken.backup');
    await writeFile(path, 'mine');
    const request = { kind: 'manual', path, actor: null, signal: never } as const;
    await expect(backUp(depsOf(db), request)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('of practice data does not get among real data, nor the other way', async () => {
    const db = await database();
    const practice = await backedUp(db, { sandbox: true });
    const real = await backedUp(db);
    await expect(into(db, practice, { yes: true })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(into(db, real, { yes: true }, { sandbox: true })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  it('of a newer schema is refused', async () => {
    const db = await database();
    await db.query(`insert into opsdeck_migrations (name, run_on) values ('9999_later', now())`);
    const path = await backedUp(db);
    const to = await database();
    await expect(into(to, path)).rejects.toMatchObject({ code: 'SCHEMA_NEWER' });
  });

  it('that is cancelled leaves nothing behind', async () => {
    const db = await database();
    await fillOffice(db, 20_000);
    const stop = new AbortController();
    const path = join(folder, 'cancelled.backup');
    const making = backUp(depsOf(db), {
      kind: 'manual',
      path,
      actor: null,
      signal: stop.signal,
      onStep: () => stop.abort(new Error('stopped')),
    });
    await expect(making).rejects.toThrow('stopped');
    const { readdir } = await import('node:fs/promises');
    expect((await readdir(folder)).filter((name) => name.startsWith('cancelled'))).toEqual([]);
  });
});
