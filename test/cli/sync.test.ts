import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { send, startPlainVendor, wireLead, type PlainVendor } from './plain-vendor.ts';
import { documentOf, runCli } from './run-cli.ts';

// Every step is a process, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

let database: TestDatabase;
let vendor: PlainVendor;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  vendor = await startPlainVendor();
});
afterEach(async () => {
  await vendor.close();
  await database.query(
    `truncate deals, deal_history, sms_messages, pending_duplicates, rejected_records, held_removals, missing_leads, sync_runs,
              sync_cursors, sync_permits, agents, campaigns, upstream_calls, upstream_accounts, system_health_logs cascade`,
  );
});

const environment = (more: Record<string, string> = {}) => ({
  OPSDECK_DATABASE_URL: database.url,
  OPSDECK_NOW: '2026-11-16T11:00:00Z',
  ...vendor.environment,
  ...more,
});

async function sync(args: string[] = ['deals'], more: Record<string, string> = {}) {
  const result = await runCli(['sync', ...args, '--json'], environment(more));
  expect(result.stderr).toBe('');
  return { exit: result.code, ...documentOf(result) } as Record<string, unknown> & { exit: number };
}

const deals = async () =>
  (
    await database.query(
      'select lead_id, user_id, campaign_id, commission, multi_deals, order_date, status, notes from deals order by lead_id',
    )
  ).rows;

function manyLeads(count: number, from = 900_000_000): void {
  for (let n = 0; n < count; n++) vendor.leads.push(wireLead(from + n, 10 + n));
}

describe('sync deals against a vendor of its own making', () => {
  it('does nothing on an empty first run, then everything, then nothing, and holds an emptied window', async () => {
    expect(await sync()).toMatchObject({ exit: 0, success: true, inserted: 0, removed: 0, held: 0 });
    manyLeads(3);
    vendor.users.push({
      id: 41001,
      name: 'anna',
      displayName: 'Anna Lind',
      active: true,
      group: { id: 5, name: 'Syd' },
    });
    vendor.campaigns.push({ id: 7101, settings: { name: 'Kall' } });
    expect(await sync()).toMatchObject({
      exit: 0,
      inserted: 3,
      updated: 0,
      removed: 0,
      unchanged: 0,
      held: 0,
      rejected: 0,
    });
    expect((await database.query('select user_id, name, group_name from agents')).rows).toEqual([
      { user_id: 41001, name: 'Anna Lind', group_name: 'Syd' },
    ]);
    expect((await database.query('select id, name from campaigns')).rows).toEqual([
      { id: '7101', name: 'Kall' },
    ]);
    const calls = vendor.seen.asked.length;
    expect(await sync()).toMatchObject({
      exit: 0,
      inserted: 0,
      updated: 0,
      removed: 0,
      unchanged: 3,
      calls: 1,
    });
    expect(vendor.seen.asked.length).toBe(calls + 1);
    vendor.leads.length = 0;
    const held = await sync();
    expect(held).toMatchObject({ exit: 3, success: true, removed: 0, held: 3 });
    expect(await deals()).toHaveLength(3);
    const listed = await sync(['held']);
    expect(listed).toMatchObject({
      exit: 0,
      success: true,
      count: 1,
      held: [{ count: 3, reason: 'empty', state: 'held' }],
    });
    const id = String((listed['held'] as { id: number }[])[0]!.id);
    expect(await sync(['held', 'accept', '999'])).toMatchObject({
      exit: 1,
      success: false,
      code: 'NOT_FOUND',
    });
    expect(await sync(['held', 'accept', id, '--as', 'Anna'])).toMatchObject({
      exit: 0,
      success: true,
      removed: 3,
      state: 'done',
    });
    expect(await deals()).toHaveLength(0);
    expect(await sync(['held', 'discard', id])).toMatchObject({ exit: 1, success: false, code: 'CONFLICT' });
    expect((await database.query('select actor from audit_log order by id desc limit 1')).rows).toEqual([
      { actor: 'Anna' },
    ]);
  });

  it('reads every way the vendor writes a lead', async () => {
    vendor.leads.push(
      wireLead(901, 1, { fields: { multiDeals: '34Dentle Kallkund', commission: '1200.50' } }),
      wireLead(902, 2, { campaignId: 'Dentle Kallkund - Sverige' }),
      wireLead(903, 3, { campaignId: 'Dentle Kallkund - Sverige', campaign: { id: 7105, name: 'x' } }),
      wireLead(904, 4, {
        id: '904',
        campaignId: '7102',
        lastContactedBy: '41002',
        fields: { commission: 99.5, multiDeals: 3 },
      }),
      wireLead(905, 5, { fields: { commission: null, orderDate: null } }),
      wireLead(906, 6, { fields: { commission: '', orderDate: '2026-11-15', multiDeals: '2' } }),
      wireLead(907, 7, { fields: { orderDate: '2026-11-15T23:30:00' } }),
      wireLead(908, 8, { lastContactedBy: null }),
      wireLead(909, 9, { fields: { commission: 'tolv' } }),
      wireLead(910, 10, { fields: { orderDate: '2026-02-30' } }),
      wireLead(911, 11, { newField: { a: 1 }, more: 'x' }),
    );
    expect(await sync()).toMatchObject({ exit: 0, inserted: 8, rejected: 3, removed: 0 });
    const at = (id: string) => ({ lead_id: id });
    expect(await deals()).toMatchObject([
      { ...at('901'), multi_deals: 1, commission: '1200.50', notes: ['multi-deals-unreadable'] },
      { ...at('902'), campaign_id: null, notes: ['campaign-name'] },
      { ...at('903'), campaign_id: '7105' },
      { ...at('904'), user_id: 41002, campaign_id: '7102', commission: '99.50', multi_deals: 3 },
      { ...at('905'), commission: null, order_date: new Date('2026-11-16T10:55:00Z') },
      { ...at('906'), commission: null, order_date: new Date('2026-11-14T23:00:00Z'), multi_deals: 2 },
      { ...at('907'), order_date: new Date('2026-11-15T22:30:00Z') },
      { ...at('911'), notes: [] },
    ]);
    const rejected = (await database.query('select key, reason from rejected_records order by key')).rows;
    expect(rejected).toEqual([
      { key: '908', reason: 'no-agent' },
      { key: '909', reason: 'commission' },
      { key: '910', reason: 'order-date' },
    ]);
    const everything = await database.query(
      `select to_jsonb(r)::text as row from rejected_records r union all select to_jsonb(d)::text from deals d`,
    );
    expect(JSON.stringify(everything.rows)).not.toContain('Kanarief');
    const board = documentOf(await runCli(['board', 'today', '--json'], environment())) as unknown as Record<
      string,
      unknown
    >[];
    expect(board.find((row) => row['user_id'] === '41001')).toMatchObject({
      deals: 5,
      commission: 1500.5,
      sms: 0,
      conversion: null,
    });
    const read = async (...args: string[]) =>
      documentOf(await runCli(['board', ...args, '--json'], environment())) as unknown as object[];
    expect(await read('2026-11-16..2026-11-16')).toEqual(board);
    const [week, month] = await Promise.all([read('week'), read('month')]);
    expect(week.find((row) => 'user_id' in row && row.user_id === '41001')).toMatchObject({ deals: 5 });
    expect(month.find((row) => 'user_id' in row && row.user_id === '41001')).toMatchObject({ deals: 8 });
    expect(await read('2026-01-01..2026-01-31')).toEqual([]);
    expect(await read('week', '--groups')).toEqual([]);
  });

  it.each([
    ['a vendor that knows lastModifiedTime only', () => (vendor.behaviour.stamp = 'lastModifiedTime')],
    ['a vendor that gives at most 100 a page', () => (vendor.behaviour.pageSizeCap = 100)],
    [
      'a vendor of bare arrays without counts',
      () => Object.assign(vendor.behaviour, { meta: false, pageSizeCap: 100 }),
    ],
    [
      'a vendor that refuses more than 100 a page, and one of the stamps',
      () =>
        Object.assign(vendor.behaviour, {
          ...{ pageSizeCap: 100, refusesAboveCap: true, stamp: 'lastModifiedTime' },
        }),
    ],
    [
      'a vendor that tells of no total',
      () => Object.assign(vendor.behaviour, { pageSizeCap: 100, says: ['page', 'pageCount', 'pageSize'] }),
    ],
    [
      'a vendor that only names the next page',
      () => Object.assign(vendor.behaviour, { pageSizeCap: 100, says: ['nextUrl'] }),
    ],
    [
      'a vendor that only counts the whole',
      () => Object.assign(vendor.behaviour, { pageSizeCap: 100, says: ['total'] }),
    ],
  ])('reads all 230 deals of %s, and removes what is gone', async (_name, set) => {
    set();
    manyLeads(230);
    expect(await sync()).toMatchObject({ exit: 0, inserted: 230, complete: true });
    vendor.leads.splice(7, 3);
    vendor.leads[20] = { ...vendor.leads[20], status: 'notInterested' };
    expect(await sync()).toMatchObject({ exit: 0, removed: 4, unchanged: 226, complete: true });
    expect(await deals()).toHaveLength(226);
  });

  it('keeps stamps by the name that the vendor filters by, where a lead has two', async () => {
    vendor.behaviour.stamp = 'lastModifiedTime';
    for (let n = 0; n < 4; n++)
      vendor.leads.push(wireLead(901 + n, 10 + n, { lastUpdatedTime: '2026-12-24T00:00:00Z' }));
    expect(await sync()).toMatchObject({ exit: 0, inserted: 4 });
    const stamps = await database.query('select max(upstream_updated_at) as at from deals');
    expect(stamps.rows).toEqual([{ at: new Date('2026-11-16T10:50:00Z') }]);
    vendor.leads.splice(1, 1);
    expect(await sync()).toMatchObject({ exit: 0, removed: 1, unchanged: 3 });
  });

  it('removes what is gone beside a lead of which the vendor cannot tell', async () => {
    manyLeads(12);
    await sync();
    vendor.leads.splice(2, 4);
    const poisoned = '/v1/leads/900000003';
    vendor.behaviour.instead = (asked, response) =>
      asked.path === poisoned && (send(response, 500, { code: 500, message: 'oops' }), true);
    expect(await sync()).toMatchObject({ exit: 0, removed: 3, waiting: 1, unchanged: 8 });
    vendor.behaviour.instead = null;
    expect(await sync()).toMatchObject({ exit: 0, removed: 1, waiting: 0, unchanged: 8 });
  });

  it('takes a second list for the look-ups that the vendor refuses', async () => {
    manyLeads(12);
    await sync();
    vendor.leads.splice(2, 2);
    vendor.behaviour.lookUps = 403;
    expect(await sync()).toMatchObject({ exit: 0, removed: 0, waiting: 2 });
    expect(await sync()).toMatchObject({ exit: 0, removed: 2, waiting: 0, unchanged: 10 });
  });

  it('follows a lead that is put back as it was, stamp and all, and ends its case', async () => {
    manyLeads(6);
    await sync();
    const before = vendor.leads[0]!;
    vendor.leads[0] = wireLead(900_000_000, 5, { lastContactedBy: 41002 });
    expect(await sync()).toMatchObject({ exit: 0, updated: 0, held: 1, unchanged: 5 });
    vendor.leads[0] = wireLead(900_000_000, 4, { lastContactedBy: 41003 });
    expect(await sync()).toMatchObject({ exit: 0, updated: 0, held: 1, unchanged: 5 });
    vendor.leads[0] = before;
    expect(await sync()).toMatchObject({ exit: 0, updated: 0, held: 0, unchanged: 6 });
    const cases = await database.query('select status, new_user_id, version from pending_duplicates');
    expect(cases.rows).toEqual([{ status: 'withdrawn', new_user_id: 41003, version: 3 }]);
  });

  it('tells success from the rest where the vendor ignores filters', async () => {
    vendor.behaviour.honoursFilters = false;
    manyLeads(10);
    vendor.leads.push(
      wireLead(1, 5, { status: 'automaticRedial' }),
      wireLead(2, 5, { status: 'notInterested' }),
    );
    expect(await sync()).toMatchObject({ exit: 0, inserted: 10, rejected: 0 });
    vendor.leads[0] = { ...vendor.leads[0], status: 'invalid' };
    expect(await sync()).toMatchObject({ exit: 0, removed: 1, unchanged: 9 });
  });

  it('does not trust a vendor that sends one page again and again', async () => {
    manyLeads(150);
    vendor.behaviour.pageSizeCap = 100;
    expect(await sync()).toMatchObject({ inserted: 150 });
    vendor.behaviour.alwaysFirstPage = true;
    // One page of the older part, and the newest lead from the other.
    expect(await sync()).toMatchObject({ exit: 0, removed: 0, held: 0, complete: false, unchanged: 101 });
    expect(await deals()).toHaveLength(150);
  });
});

describe('a sync that fails', () => {
  it('applies nothing and says why, exit 1', async () => {
    manyLeads(5);
    await sync();
    manyLeads(3, 900_001_000);
    const before = await deals();
    vendor.environment['OPSDECK_ADVERSUS_PASSWORD'] = 'fel';
    const refused = await sync();
    expect(refused).toMatchObject({ exit: 1, success: false, code: 'UPSTREAM_REFUSED' });
    expect(refused['message']).toMatch(/OPSDECK_ADVERSUS_PASSWORD/);
    expect(refused['message']).not.toMatch(/hemligt|\bfel\b/);
    vendor.environment['OPSDECK_ADVERSUS_PASSWORD'] = vendor.behaviour.password;

    vendor.behaviour.instead = (_asked, response) => (
      send(response, 200, '<html><body>Log in</body></html>'),
      true
    );
    expect(await sync()).toMatchObject({ exit: 1, code: 'UPSTREAM_UNREADABLE' });
    vendor.behaviour.instead = (_asked, response) => (send(response, 200, '{"leads":[{"id":1,'), true);
    expect(await sync()).toMatchObject({ exit: 1, code: 'UPSTREAM_UNREADABLE' });
    vendor.behaviour.instead = (_asked, response) => (
      send(response, 500, { code: 500, message: 'oops' }),
      true
    );
    expect(await sync()).toMatchObject({ exit: 1, code: 'UPSTREAM_FAILED' });
    vendor.behaviour.instead = (_asked, response) => (response.destroy(), true);
    expect(await sync()).toMatchObject({ exit: 1, code: 'UPSTREAM_FAILED' });
    vendor.behaviour.instead = (_asked, response) => (
      send(response, 429, { code: 429 }, { 'retry-after': '600' }),
      true
    );
    const asked = vendor.seen.asked.length;
    expect(await sync()).toMatchObject({ exit: 1, code: 'UPSTREAM_BUSY' });
    expect(vendor.seen.asked.length).toBe(asked + 1);
    // Everybody waits for as long as the vendor said, and says until when.
    vendor.behaviour.instead = null;
    const blocked = await sync();
    expect(blocked).toMatchObject({ exit: 1, code: 'UPSTREAM_BUSY' });
    expect(blocked['message']).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
    expect(vendor.seen.asked.length).toBe(asked + 1);

    expect(await deals()).toEqual(before);
    expect(
      (await database.query(`select distinct state from sync_runs where id > 1 order by 1`)).rows,
    ).toContainEqual({ state: 'failed' });
    await database.query('update upstream_accounts set blocked_until = null');
    expect(await sync()).toMatchObject({ exit: 0, inserted: 3, unchanged: 5 });
  });

  it('waits and goes on after a 429 without Retry-After, or with a short one', async () => {
    manyLeads(5);
    let refusals = 0;
    vendor.behaviour.instead = (_asked, response) => {
      if (refusals++ >= 2) return false;
      send(response, 429, { code: 429 }, refusals === 1 ? {} : { 'retry-after': '1' });
      return true;
    };
    expect(await sync()).toMatchObject({ exit: 0, inserted: 5 });
  });

  it('applies nothing when page 3 of 5 fails', async () => {
    vendor.behaviour.pageSizeCap = 10;
    manyLeads(45);
    vendor.behaviour.instead = (asked, response) => {
      if (asked.path !== '/v1/leads' || asked.page !== 3) return false;
      send(response, 503, 'no');
      return true;
    };
    expect(await sync()).toMatchObject({ exit: 1, code: 'UPSTREAM_FAILED' });
    expect(await deals()).toEqual([]);
  });

  it('says in a sentence on stderr that nothing listens there', async () => {
    const result = await runCli(
      ['sync', 'deals'],
      environment({ OPSDECK_ADVERSUS_URL: 'http://127.0.0.1:9/v1' }),
    );
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(result.stderr).toMatch(/OPSDECK_ADVERSUS_URL/);
  });
});

describe('sync sms and sync agents', () => {
  it('store outbound messages of any status without their text, and names', async () => {
    const canary = 'hemlig hälsning';
    const message = {
      type: 'outbound',
      timestamp: '2026-11-16T09:00:00Z',
      sender: '+4670',
      content: canary,
      userId: 41001,
      units: 1,
    };
    vendor.sms.push(
      { ...message, id: 1, receiver: '+46 70-174 06 05', status: 'sent', leadId: 7, campaignId: 7101 },
      { ...message, id: 2, receiver: '+46701740606', status: 'delivered' },
      { ...message, id: 3, receiver: '+46701740606', status: 'delivered' },
      { ...message, id: 4, receiver: '+46701740607', status: 'failed' },
      { ...message, id: 5, type: 'inbound', receiver: '+46701740608', status: 'delivered' },
    );
    vendor.users.push({ id: 41001, name: 'anna' });
    expect(await sync(['sms'])).toMatchObject({ exit: 0, source: 'sms', inserted: 4, removed: 0 });
    expect(
      (await database.query('select id, receiver, status, lead_id from sms_messages order by id')).rows[0],
    ).toEqual({
      id: '1',
      receiver: '+46701740605',
      status: 'sent',
      lead_id: '7',
    });
    const board = documentOf(await runCli(['board', 'today', '--json'], environment()));
    expect(board).toEqual([
      { user_id: '41001', name: 'anna', group: null, deals: 0, commission: 0, sms: 1, conversion: 0 },
    ]);
    vendor.sms[0]!['status'] = 'delivered';
    expect(await sync(['sms', '--delta'])).toMatchObject({ exit: 0, updated: 1, inserted: 0 });
    expect(JSON.stringify((await database.query('select m::text from sms_messages m')).rows)).not.toContain(
      canary,
    );
    expect(await sync(['agents'])).toMatchObject({ exit: 0, source: 'agents', unchanged: 1 });
    const status = documentOf(await runCli(['status', '--json'], environment()));
    expect(status).toMatchObject({
      success: true,
      sms: { totalSMS: 4, todaySMS: 4 },
      deals: { totalDeals: 0 },
    });
  });
});
