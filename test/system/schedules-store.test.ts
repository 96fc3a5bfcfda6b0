import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { allOn } from '../../src/main/system/schedule-switches.ts';
import { readSwitches, storeSwitches } from '../../src/main/system/schedules-store.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.query(`delete from system_config where key = 'schedules'`));

const by = { actor: 'anna', console: 'test 1', at: new Date('2026-11-22T09:00:00Z') };

it('everything is on until somebody switches something off', async () => {
  expect(await readSwitches(database)).toEqual(allOn);
});

it('stores switches with an audit entry and the change that every process hears', async () => {
  const stored = await storeSwitches(database, { kind: 'disable', job: 'backup' }, by);
  expect(await readSwitches(database)).toEqual(stored);
  const heard = await database.query<{ kind: string; data: unknown }>(
    'select kind, data from change_log order by seq desc limit 1',
  );
  expect(heard.rows[0]).toEqual({ kind: 'settings', data: { keys: ['schedules'] } });
  const audit = await database.query<{ action: string; target: string; actor: string }>(
    'select action, target, actor from audit_log order by id desc limit 1',
  );
  expect(audit.rows[0]).toEqual({ action: 'schedules.disable', target: 'backup', actor: 'anna' });
  await expect(verifyAudit(database)).resolves.toMatchObject({ ok: true });
});

it('loses no switch when people change several at once', async () => {
  await Promise.all(
    (['agents', 'backup', 'packages', 'sms-delta'] as const).map((job) =>
      storeSwitches(database, { kind: 'disable', job }, by),
    ),
  );
  expect(Object.keys((await readSwitches(database)).jobs).sort()).toEqual([
    'agents',
    'backup',
    'packages',
    'sms-delta',
  ]);
});

it('runs nothing by itself on switches that it cannot read', async () => {
  await database.query(
    `insert into system_config (key, value, updated_by) values ('schedules', '{"jobs": {"moon": 1}}', 'newer')`,
  );
  expect((await readSwitches(database)).stopped).not.toBeNull();
});
