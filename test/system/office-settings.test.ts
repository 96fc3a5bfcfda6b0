import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { officeDefaults, officeSettings, type OfficeSettings } from '../../src/shared/contract/settings.ts';
import { systemClock } from '../../src/main/clock.ts';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { readChanges } from '../../src/main/system/change-log.ts';
import { changeOfficeSettings, readOfficeSettings } from '../../src/main/system/office-settings.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
const clock = systemClock(new Date('2026-03-01T09:00:00Z'));

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(() => database.query('truncate system_config').then(() => {}));
afterAll(() => database.drop());

const change = (patch: Partial<OfficeSettings>, expectedVersion: number) =>
  changeOfficeSettings(database, patch, { expectedVersion, actor: 'Åsa', console: 'north', clock });
const store = (value: unknown) =>
  database.query(
    `insert into system_config (key, value, version, updated_by) values ('office', $1, 4, 'x')`,
    [JSON.stringify(value)],
  );

test('nothing stored: the defaults, which the schema allows', async () => {
  expect(await readOfficeSettings(database, {})).toEqual({
    settings: officeDefaults,
    overridden: [],
    unreadable: [],
    version: 0,
  });
  expect(officeSettings.parse(officeDefaults)).toEqual(officeDefaults);
});

test('a change reads as a patch: what it does not name stays away', () => {
  expect(officeSettings.partial().parse({ deltaSeconds: 30 })).toEqual({ deltaSeconds: 30 });
});

test('a change is stored, audited and told, with what it changed and nothing else', async () => {
  const { version, changed } = await change(
    { timeZone: 'Asia/Kathmandu', deltaSeconds: 120, brakeShare: 0.5 },
    0,
  );
  expect({ version, changed }).toEqual({ version: 1, changed: ['timeZone', 'brakeShare'] });
  expect(await readOfficeSettings(database, {})).toMatchObject({
    settings: { ...officeDefaults, timeZone: 'Asia/Kathmandu', brakeShare: 0.5 },
    version: 1,
  });
  const audit = await database.query('select * from audit_log order by id desc limit 1');
  expect(audit.rows[0]).toMatchObject({
    at: clock.now(),
    actor: 'Åsa',
    console: 'north',
    action: 'settings.change',
    before: { timeZone: 'Europe/Stockholm', brakeShare: 0.05 },
    after: { timeZone: 'Asia/Kathmandu', brakeShare: 0.5 },
  });
  expect(await verifyAudit(database)).toMatchObject({ ok: true });
  expect((await readChanges(database, 0, 100)).at(-1)).toMatchObject({
    kind: 'settings',
    data: { keys: ['timeZone', 'brakeShare'] },
  });
});

test('a change that changes nothing raises no version', async () => {
  await change({ commissionField: ' Commission ' }, 0);
  expect(await change({ commissionField: 'Commission', pageSize: 1000 }, 1)).toEqual({
    version: 1,
    changed: [],
  });
});

test('of two who changed the same version one is told that the other was first', async () => {
  const results = await Promise.allSettled([change({ brakeRows: 5 }, 0), change({ brakeRows: 6 }, 0)]);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  const loser = results.find((result) => result.status === 'rejected') as PromiseRejectedResult;
  expect(loser.reason).toMatchObject({ code: 'CONFLICT' });
  expect((await readOfficeSettings(database, {})).version).toBe(1);
});

test.each([
  [{ deltaSeconds: 14 }, /^The setting deltaSeconds has to be a whole number of seconds from 15 to 600\.$/],
  [{ deltaSeconds: 15.5 }, /deltaSeconds/],
  [{ timeZone: 'Stockholm' }, /timeZone/],
  [{ timeZone: '+01:00' }, /timeZone/],
  [{ commissionField: '  ' }, /commissionField/],
  [{ adversusUrl: 'https://asa:hemlig@api.example.com/v1' }, /adversusUrl/],
  [{ adversusUrl: 'ftp://api.example.com' }, /adversusUrl/],
  [{ password: 'hemlig' }, /^There is no setting "password"\.$/],
  [{ __proto__: null, constructor: 1 }, /"constructor"/],
])('%j is refused with a sentence', async (patch, message) => {
  const refused = change(patch as Partial<OfficeSettings>, 0);
  await expect(refused).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringMatching(message),
  });
  await expect(refused).rejects.not.toThrow('hemlig');
});

test('stored values that cannot be read are named, and spoil no other', async () => {
  await store({ deltaSeconds: 'soon', brakeRows: 7, weather: 'sunny', timeZone: null });
  const read = await readOfficeSettings(database, {});
  expect(read.settings).toEqual({ ...officeDefaults, brakeRows: 7 });
  expect(read.unreadable.sort()).toEqual(['deltaSeconds', 'timeZone', 'weather']);
  // Setting one mends it, even to its default; what a newer program stored stays.
  expect(await change({ deltaSeconds: 120 }, 4)).toEqual({ version: 5, changed: ['deltaSeconds'] });
  const after = await readOfficeSettings(database, {});
  expect(after.unreadable.sort()).toEqual(['timeZone', 'weather']);
  expect(after.settings.brakeRows).toBe(7);
});

test.each([null, 5, 'text', [1]])(
  'a stored value of %j as a whole falls back to the defaults',
  async (value) => {
    await store(value);
    expect(await readOfficeSettings(database, {})).toEqual({
      settings: officeDefaults,
      overridden: [],
      unreadable: ['office'],
      version: 4,
    });
    expect(await change({ brakeRows: 3 }, 4)).toMatchObject({ version: 5 });
    expect(await readOfficeSettings(database, {})).toMatchObject({
      settings: { brakeRows: 3 },
      unreadable: [],
    });
  },
);

test('the environment wins and is named; empty variables do not count', async () => {
  await change({ deltaSeconds: 60, adversusUser: 'stored' }, 0);
  const env = {
    OPSDECK_TIME_ZONE: 'America/New_York',
    OPSDECK_ADVERSUS_TIME_ZONE: 'UTC',
    OPSDECK_ADVERSUS_UPDATED_FIELD: 'lastModifiedTime',
    OPSDECK_ADVERSUS_COMMISSION_FIELD: '1234',
    OPSDECK_ADVERSUS_MULTI_DEALS_FIELD: 'Multi deals',
    OPSDECK_ADVERSUS_ORDER_DATE_FIELD: 'Order date',
    OPSDECK_DELTA_SECONDS: '15',
    OPSDECK_ADVERSUS_URL: 'http://127.0.0.1:4010/v1/',
    OPSDECK_ADVERSUS_USER: ' ',
  };
  const { settings, overridden } = await readOfficeSettings(database, env);
  expect(settings).toMatchObject({
    timeZone: 'America/New_York',
    vendorTimeZone: 'UTC',
    updatedField: 'lastModifiedTime',
    commissionField: '1234',
    multiDealsField: 'Multi deals',
    orderDateField: 'Order date',
    deltaSeconds: 15,
    adversusUrl: 'http://127.0.0.1:4010/v1',
    adversusUser: 'stored',
  });
  expect(overridden).toHaveLength(8);
  expect(overridden).not.toContain('adversusUser');
});

test.each([
  ['OPSDECK_TIME_ZONE', 'Stockholm', '"Stockholm", but has to be the name of a time zone'],
  ['OPSDECK_DELTA_SECONDS', '1e2', '"1e2", but has to be a whole number of seconds from 15 to 600'],
  ['OPSDECK_DELTA_SECONDS', '5', '"5"'],
  [
    'OPSDECK_ADVERSUS_UPDATED_FIELD',
    'updated',
    '"updated", but has to be lastUpdatedTime or lastModifiedTime',
  ],
  [
    'OPSDECK_ADVERSUS_URL',
    'https://asa:hem/hemlig@api.example.com/v1?key=hemlig',
    '"https://…@api.example.com/v1?…"',
  ],
])('%s=%s stops with a sentence that names it', async (variable, value, words) => {
  const failing = readOfficeSettings(database, { [variable]: value });
  await expect(failing).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`${variable} is ${words}`),
  });
  await expect(failing).rejects.not.toThrow('hemlig');
});
