import { describe, expect, it } from 'vitest';
import { readChanges } from '../../src/main/system/change-log.ts';
import { addDeals, usePassOffice } from './pass-office.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('a window pass', () => {
  const office = usePassOffice();

  it('inserts what is new, and writes no deal when nothing changed', async () => {
    const { it: at } = office;
    addDeals(at, 30);
    expect(await at.window()).toMatchObject({
      inserted: 30,
      updated: 0,
      removed: 0,
      unchanged: 0,
      held: 0,
      rejected: 0,
    });
    const before = await at.rows('select id, xmin::text, ctid::text, * from deals order by id');
    const written = () =>
      at.one<number>(
        `select (n_tup_ins + n_tup_upd + n_tup_del)::int from pg_stat_user_tables where relname = 'deals'`,
      );
    await at.rows('select pg_stat_force_next_flush()');
    const first = await written();
    at.pass(minute);
    expect(await at.window()).toMatchObject({ inserted: 0, updated: 0, removed: 0, unchanged: 30, held: 0 });
    expect(await at.delta()).toMatchObject({ inserted: 0, updated: 0, held: 0 });
    expect(await at.rows('select id, xmin::text, ctid::text, * from deals order by id')).toEqual(before);
    expect(await at.rows('select * from deal_history')).toEqual([]);
    await at.rows('select pg_stat_force_next_flush()');
    expect(await written()).toBe(first);
  });

  it('tells every console which deals it wrote, in an entry that each can read', async () => {
    const { it: at } = office;
    addDeals(at, 3);
    const { id } = at.vendor.state.addLead({ commission: '1' });
    const before = await at.one<number>('select seq from change_counter');
    await at.window();
    const today = await at.rows<{ id: number }>('select id from deals where lead_id = $1', [String(id)]);
    const all = await at.rows<{ id: number }>('select id from deals order by id');
    const told = await readChanges(at.database, before, 100);
    expect(told.filter(({ kind }) => kind === 'unknown')).toEqual([]);
    expect(told.find(({ kind }) => kind === 'deals')?.data).toMatchObject({ inserted: 4, removedIds: [] });
    const { ids, new: fresh } = told.find((change) => change.kind === 'deals')!.data;
    expect([...(ids ?? [])].sort((a, b) => a - b)).toEqual(all.map((deal) => deal.id));
    expect(fresh).toContain(today[0]!.id);
  });

  it('updates a deal whose commission arrives later, and keeps what was before', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ commission: null });
    await at.window();
    at.pass(5 * minute);
    at.vendor.state.patchLead(lead.id, { commission: '4500.5' });
    const result = await at.delta();
    expect(result).toMatchObject({ inserted: 0, updated: 1, held: 0 });
    expect(await at.deal(lead)).toMatchObject({ commission: '4500.50', version: 2 });
    expect(await at.rows('select change, before, run_id from deal_history')).toMatchObject([
      {
        change: 'updated',
        run_id: result.runId,
        before: { commission: null, version: 1, lead_id: String(lead.id) },
      },
    ]);
    expect(await at.pending()).toEqual([]);
  });

  it('updates multi-deals and campaign with the before-image kept', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ multiDeals: '2', campaignId: 7101 });
    await at.window();
    at.vendor.state.patchLead(lead.id, { multiDeals: '3', campaignId: 7102 });
    expect(await at.window()).toMatchObject({ updated: 1 });
    expect(await at.deal(lead)).toMatchObject({ multi_deals: 3, campaign_id: '7102' });
  });

  it('counts "34Dentle" as one deal with a note', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ multiDeals: '34Dentle Kallkund' });
    await at.window();
    expect(await at.deal(lead)).toMatchObject({ multi_deals: 1, notes: ['multi-deals-unreadable'] });
  });

  it('removes a deal whose lead is no success any more, in every way a vendor says so', async () => {
    const { it: at } = office;
    addDeals(at, 20);
    const [other, deleted, empty] = [0, 1, 2].map(() => at.vendor.state.addLead({ commission: '10' }));
    await at.window();
    at.pass(minute);
    at.vendor.state.revoke(other!.id);
    at.vendor.state.remove(deleted!.id);
    at.vendor.state.remove(empty!.id);
    at.vendor.faults.add({
      path: `/leads/${empty!.id}`,
      do: { kind: 'answer', status: 200, body: { leads: [] } },
    });
    const result = await at.window();
    expect(result).toMatchObject({ removed: 3, unchanged: 20, waiting: 0, shifted: false, complete: true });
    expect(
      await at.rows(
        `select lead_id, change, before->>'commission' as was from deal_history order by lead_id`,
      ),
    ).toEqual(
      [other, deleted, empty]
        .map((lead) => ({ lead_id: String(lead!.id), change: 'removed', was: '10.00' }))
        .sort((a, b) => a.lead_id.localeCompare(b.lead_id)),
    );
    expect(at.vendor.log.count((request) => /\/leads\/\d+$/.test(request.path))).toBe(3);
  });

  it('keeps a lead that the list left out and the look-up finds, counts as shifted and applies its content', async () => {
    const { it: at } = office;
    addDeals(at, 20);
    const lead = at.vendor.state.addLead({ commission: '10' });
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: '20' });
    // The vendor's list lacks the row, total and all: only the look-up can tell.
    at.vendor.faults.add({
      path: '/leads',
      do: [
        { kind: 'skip-row', row: 0 },
        { kind: 'wrong-total', by: -1 },
      ],
    });
    expect(await at.window()).toMatchObject({ removed: 0, shifted: true, updated: 1, unchanged: 20 });
    expect(await at.deal(lead)).toMatchObject({ commission: '20.00', version: 2 });
  });

  it('shelves a lead that a look-up finds alive but cannot be read', async () => {
    const { it: at } = office;
    addDeals(at, 20);
    const lead = at.vendor.state.addLead({ commission: '10' });
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: 'mycket' });
    at.vendor.faults.add({
      path: '/leads',
      do: [
        { kind: 'skip-row', row: 0 },
        { kind: 'wrong-total', by: -1 },
      ],
    });
    expect(await at.window()).toMatchObject({ removed: 0, shifted: true, rejected: 1 });
    expect(await at.rows('select key, reason from rejected_records')).toEqual([
      { key: String(lead.id), reason: 'commission' },
    ]);
  });

  it.each([
    ['500', { kind: 'answer', status: 500 }],
    ['429', { kind: 'answer', status: 429 }],
    ['no answer', { kind: 'hang' }],
    ['a dropped connection', { kind: 'drop' }],
    ['a web page', { kind: 'html' }],
    ['half an answer', { kind: 'truncate' }],
  ] as const)('lets a removal wait while look-ups get %s', async (_name, fault) => {
    const { it: at } = office;
    addDeals(at, 20);
    const lead = at.vendor.state.addLead();
    await at.window();
    at.vendor.state.revoke(lead.id);
    const added = at.vendor.faults.add({ path: /\/leads\/\d+$/, do: fault });
    for (let pass = 0; pass < 2; pass++)
      expect(await at.window()).toMatchObject({ removed: 0, waiting: 1, complete: true });
    expect(await at.deal(lead)).toBeDefined();
    expect(added.hits).toBeGreaterThan(0);
    added.remove();
    expect(await at.window()).toMatchObject({ removed: 1, waiting: 0 });
  });

  it('takes a second complete pass for a look-up only where the vendor refuses look-ups', async () => {
    const { it: at } = office;
    addDeals(at, 20);
    const lead = at.vendor.state.addLead();
    at.vendor.switches.set({ lookups: 'refused' });
    await at.window();
    at.pass(minute);
    at.vendor.state.revoke(lead.id);
    expect(await at.window()).toMatchObject({ removed: 0, waiting: 1 });
    // A pass that is not complete is no second one.
    const broken = at.vendor.faults.add({ path: '/leads', do: { kind: 'wrong-total', by: 1 } });
    expect(await at.window()).toMatchObject({ complete: false, removed: 0 });
    broken.remove();
    expect(await at.window()).toMatchObject({ removed: 1, waiting: 0 });
    expect(await at.deal(lead)).toBeUndefined();
  });

  it('forgets that a lead was missed when any pass sees it again', async () => {
    const { it: at } = office;
    addDeals(at, 20);
    const lead = at.vendor.state.addLead();
    at.vendor.switches.set({ lookups: 'refused' });
    await at.window();
    at.pass(minute);
    at.vendor.state.revoke(lead.id);
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { status: 'success' });
    await at.delta();
    at.pass(minute);
    at.vendor.state.revoke(lead.id);
    expect(await at.window()).toMatchObject({ removed: 0, waiting: 1 });
  });

  it('never takes a record without an id for the absence of a lead', async () => {
    const { it: at } = office;
    addDeals(at, 20);
    const lead = at.vendor.state.addLead();
    at.vendor.switches.set({ lookups: 'refused' });
    await at.window();
    at.vendor.state.patchLead(lead.id, { raw: { id: null } });
    for (let pass = 0; pass < 3; pass++) expect(await at.window()).toMatchObject({ removed: 0, rejected: 1 });
    expect(await at.deal(lead)).toBeDefined();
  });

  it('considers only rows whose stored stamp lies in the range read', async () => {
    const { it: at } = office;
    const now = at.vendorClock.now();
    addDeals(at, 10);
    const old = at.vendor.state.addLead({ updatedAt: now - 10 * day });
    await at.window();
    // A month later the lead's stamp lies before the window: nobody sees it any more, and it stays.
    at.clock.set('2026-12-16T11:00:00Z');
    at.vendorClock.set('2026-12-16T11:00:00Z');
    const fresh = at.vendor.state.addLead();
    expect(await at.window()).toMatchObject({ inserted: 1, removed: 0, held: 0 });
    expect(await at.deal(old)).toBeDefined();
    expect(await at.deal(fresh)).toBeDefined();
  });

  it('applies every success lead of the window whatever its order date', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ orderDate: '2025-01-31' });
    await at.window();
    expect(await at.deal(lead)).toMatchObject({
      order_date: new Date('2025-01-30T23:00:00Z'),
      order_date_source: 'day',
    });
  });

  it('reads 25 October 00:00 to 1 December 00:00, Stockholm time, and not a second more', async () => {
    const { it: at } = office;
    const stamps = [
      '2026-10-24T21:59:59Z',
      '2026-10-24T22:00:00Z',
      '2026-11-30T22:59:59Z',
      '2026-11-30T23:00:00Z',
    ];
    at.vendorClock.set('2026-12-02T00:00:00Z');
    const leads = stamps.map((updatedAt) => at.vendor.state.addLead({ updatedAt }));
    await at.window();
    const found = (await at.deals()).map((deal) => deal.lead_id);
    expect(found.sort()).toEqual(
      leads
        .slice(1, 3)
        .map((lead) => String(lead.id))
        .sort(),
    );
  });

  it('refreshes a moved stamp without calling it an update', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ commission: '5' });
    await at.window();
    at.pass(hour);
    at.vendor.state.patchLead(lead.id, {});
    expect(await at.window()).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await at.deal(lead)).toMatchObject({
      upstream_updated_at: new Date('2026-11-16T12:00:00Z'),
      version: 1,
    });
    expect(await at.rows('select * from deal_history')).toEqual([]);
  });
});

describe('the order date', () => {
  const office = usePassOffice();

  it('missing: is the last-updated time at first sight, and stays there', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ orderDate: null });
    await at.window();
    at.pass(2 * day);
    at.vendor.state.patchLead(lead.id, { commission: '7' });
    expect(await at.window()).toMatchObject({ updated: 1, held: 0 });
    expect(await at.deal(lead)).toMatchObject({
      order_date: new Date('2026-11-16T11:00:00Z'),
      order_date_source: 'fallback',
    });
  });

  it('is replaced by the first real date as an update, and kept when later blanked', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ orderDate: null });
    await at.window();
    at.pass(hour);
    at.vendor.state.patchLead(lead.id, { orderDate: new Date('2026-11-10T08:30:00Z') });
    expect(await at.window()).toMatchObject({ updated: 1, held: 0 });
    expect(await at.deal(lead)).toMatchObject({
      order_date: new Date('2026-11-10T08:30:00Z'),
      order_date_source: 'instant',
    });
    expect(await at.rows('select before from deal_history')).toMatchObject([
      { before: { order_date_source: 'fallback' } },
    ]);
    at.pass(hour);
    at.vendor.state.patchLead(lead.id, { orderDate: null });
    expect(await at.window()).toMatchObject({ updated: 0, held: 0, unchanged: 1 });
    at.vendor.state.patchLead(lead.id, { orderDate: '  ' });
    expect(await at.window()).toMatchObject({ updated: 0, held: 0, unchanged: 1 });
    expect(await at.deal(lead)).toMatchObject({
      order_date: new Date('2026-11-10T08:30:00Z'),
      order_date_source: 'instant',
    });
  });

  it('is the same where the vendor gives only the day of it', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ orderDate: new Date('2026-11-10T22:59:59Z') });
    await at.window();
    at.vendor.state.patchLead(lead.id, { orderDate: '2026-11-10', commission: '9' });
    expect(await at.window()).toMatchObject({ updated: 1, held: 0 });
    expect(await at.deal(lead)).toMatchObject({
      order_date: new Date('2026-11-10T22:59:59Z'),
      order_date_source: 'instant',
    });
    at.vendor.state.patchLead(lead.id, { orderDate: '2026-11-11' });
    expect(await at.window()).toMatchObject({ updated: 0, held: 1 });
    expect(await at.pending()).toMatchObject([{ reasons: ['order_date'] }]);
  });

  it('moved waits for a person', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ orderDate: new Date('2026-11-10T08:00:00Z') });
    await at.window();
    at.vendor.state.patchLead(lead.id, { orderDate: new Date('2026-11-10T08:00:01Z') });
    expect(await at.window()).toMatchObject({ updated: 0, held: 1 });
  });

  it('that makes no sense rejects the record, and removes nothing', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead();
    await at.window();
    at.vendor.state.patchLead(lead.id, { orderDate: '2026-02-30' });
    expect(await at.window()).toMatchObject({ rejected: 1, removed: 0, held: 0 });
    expect(await at.deal(lead)).toBeDefined();
  });
});

describe('a pass that goes wrong', () => {
  const office = usePassOffice({ settings: { pageSize: 10 } });

  it.each([
    ['a 500', { kind: 'answer', status: 500 }],
    ['a 429 to the end', { kind: 'answer', status: 429 }],
    ['half a page', { kind: 'truncate' }],
    ['a web page', { kind: 'html' }],
    ['a dropped connection', { kind: 'drop' }],
    ['an error with status 200', { kind: 'answer', status: 200, body: { code: 1, message: 'no' } }],
  ] as const)('applies nothing when page 3 of 5 answers %s', async (_name, fault) => {
    const { it: at } = office;
    const leads = addDeals(at, 40);
    await at.window();
    const before = await at.deals();
    const cursor = await at.one<Date>('select position from sync_cursors');
    at.pass(minute);
    addDeals(at, 10);
    at.vendor.state.patchLead(leads[3]!.id, { commission: '1' });
    at.vendor.state.remove(leads[5]!.id);
    at.vendor.faults.add({ path: '/leads', page: 3, do: fault });
    await expect(at.window()).rejects.toMatchObject({ code: expect.stringMatching(/^UPSTREAM_/) as string });
    expect(await at.deals()).toEqual(before);
    expect(await at.one('select position from sync_cursors')).toEqual(cursor);
    expect(await at.rows('select state, error_code from sync_runs order by id desc limit 1')).toMatchObject([
      { state: 'failed', error_code: expect.stringMatching(/^UPSTREAM_/) as string },
    ]);
    at.vendor.faults.clear();
    expect(await at.window()).toMatchObject({ inserted: 10, updated: 1, removed: 1 });
  });

  it('brings new deals but removes nothing when rows moved underneath', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 45);
    await at.window();
    at.pass(minute);
    at.vendor.state.remove(leads[0]!.id);
    const cursor = await at.one<Date>('select position from sync_cursors');
    at.vendor.state.addLead();
    let next = 1;
    at.vendor.faults.add({
      path: '/leads',
      page: 2,
      do: { kind: 'before', run: () => void at.vendor.state.remove(leads[next++]!.id) },
    });
    expect(await at.window()).toMatchObject({ complete: false, shifted: true, removed: 0 });
    expect((await at.deals()).length).toBe(46);
    expect(await at.one('select position from sync_cursors')).toEqual(cursor);
    expect(await at.rows(`select state from sync_runs order by id desc limit 1`)).toEqual([
      { state: 'incomplete' },
    ]);
  });

  it('is not held up by deals that come in while a long list is read', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 45);
    await at.window();
    at.pass(minute);
    at.vendor.state.remove(leads[0]!.id);
    at.vendor.faults.add({
      path: '/leads',
      page: 2,
      do: { kind: 'before', run: () => (at.pass(1_000), at.vendor.state.addLead()) },
    });
    expect(await at.window()).toMatchObject({ complete: true, removed: 1 });
    const leadIds = (await at.deals()).map((deal) => deal.lead_id);
    expect(leadIds).not.toContain(String(leads[0]!.id));
    expect(leadIds.length).toBeGreaterThanOrEqual(45);
  });

  it('leaves nothing when it is cancelled', async () => {
    const { it: at } = office;
    addDeals(at, 45);
    const cancel = new AbortController();
    const pass = at.window({
      signal: cancel.signal,
      onProgress: (progress) => {
        if (progress.pages === 3) cancel.abort();
      },
    });
    await expect(pass).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await at.deals()).toEqual([]);
    expect(await at.rows('select * from sync_cursors')).toEqual([]);
    expect(await at.rows('select state, error_code from sync_runs')).toEqual([
      { state: 'cancelled', error_code: 'CANCELLED' },
    ]);
    expect(await at.window()).toMatchObject({ inserted: 45 });
  });

  it('writes down who ran what, how much it read and what it cost', async () => {
    const { it: at } = office;
    addDeals(at, 45);
    at.vendor.log.clear();
    const result = await at.window();
    expect(result.pages).toBe(5);
    expect(result.calls).toBe(at.vendor.log.count());
    expect(await at.one('select count(*)::int from upstream_calls where finished_at is not null')).toBe(
      result.calls,
    );
    expect(await at.rows('select * from sync_runs')).toMatchObject([
      {
        id: result.runId,
        source: 'deals',
        kind: 'window',
        trigger: 'cli',
        state: 'complete',
        inserted: 45,
        pages: 5,
        calls: result.calls,
        range_start: new Date('2026-10-24T22:00:00Z'),
        range_end: new Date('2026-11-30T23:00:00Z'),
        error: null,
      },
    ]);
  });

  it('gives two passes that start together the same deals once', async () => {
    const { it: at } = office;
    addDeals(at, 45);
    const [one, two] = await Promise.all([at.window(), at.window()]);
    expect([one.inserted, two.inserted].sort((a, b) => a - b)).toEqual([0, 45]);
    expect(await at.deals()).toHaveLength(45);
    await expect(
      at.rows('insert into deals select * from (select * from deals limit 1) d'),
    ).rejects.toThrow();
    await expect(
      at.rows(`insert into deals (lead_id, user_id, order_date, status, upstream_updated_at)
               select lead_id, user_id, order_date, status, upstream_updated_at from deals limit 1`),
    ).rejects.toThrow(/deals_one_following_per_lead/);
  });
});

describe('the cursor', () => {
  const office = usePassOffice();

  it('never goes into the future and never back', async () => {
    const { it: at } = office;
    at.vendor.state.addLead({ updatedAt: '2026-11-16T10:00:00Z' });
    await at.window();
    expect(await at.one('select position from sync_cursors')).toEqual(new Date('2026-11-16T10:00:00Z'));
    at.vendorClock.advance(3 * day);
    at.vendor.state.addLead({ updatedAt: '2026-11-19T00:00:00Z' });
    expect(await at.delta()).toMatchObject({ inserted: 1 });
    expect(await at.one('select position from sync_cursors')).toEqual(new Date('2026-11-16T11:00:00Z'));
    at.vendor.state.clear();
    at.vendor.state.addLead({ updatedAt: '2026-11-16T10:58:00Z' });
    await at.delta();
    expect(await at.one('select position from sync_cursors')).toEqual(new Date('2026-11-16T11:00:00Z'));
  });

  it('lets a delta pass read again what was stamped up to five minutes before', async () => {
    const { it: at } = office;
    at.vendor.state.addLead({ updatedAt: '2026-11-16T10:50:00Z' });
    await at.delta();
    at.vendor.state.addLead({ updatedAt: '2026-11-16T10:46:00Z' });
    expect(await at.delta()).toMatchObject({ inserted: 1, unchanged: 1, removed: 0 });
  });

  it('makes the first delta pass read the whole window', async () => {
    const { it: at } = office;
    at.vendor.state.addLead({ updatedAt: '2026-10-25T00:00:00Z' });
    expect(await at.delta()).toMatchObject({ inserted: 1 });
  });

  it('reads more than one page in a gap to the end', async () => {
    const { it: at } = office;
    at.vendor.state.addLead({ updatedAt: '2026-11-16T10:00:00Z' });
    await at.window();
    at.settings.pageSize = 10;
    addDeals(at, 35);
    expect(await at.delta()).toMatchObject({ inserted: 35, pages: 4, complete: true });
  });

  it('removes nothing on a delta pass, however much is gone', async () => {
    const { it: at } = office;
    addDeals(at, 3);
    await at.window();
    at.vendor.state.clear();
    expect(await at.delta()).toMatchObject({ removed: 0, held: 0, waiting: 0 });
    expect(await at.deals()).toHaveLength(3);
  });
});

describe('records that cannot be mapped', () => {
  const office = usePassOffice();

  it('are shelved, counted each time they are seen, and never cause a removal', async () => {
    const { it: at } = office;
    addDeals(at, 5);
    const lead = at.vendor.state.addLead({ commission: '10' });
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { commission: 'fråga Anna' });
    const orphan = at.vendor.state.addLead({ agentId: null });
    expect(await at.window()).toMatchObject({ rejected: 2, removed: 0, unchanged: 5, inserted: 0, held: 0 });
    at.pass(hour);
    expect(await at.window()).toMatchObject({ rejected: 2, removed: 0 });
    expect(await at.deal(lead)).toMatchObject({ commission: '10.00' });
    expect(
      await at.rows(
        'select source, key, reason, first_seen, last_seen, times from rejected_records order by reason',
      ),
    ).toEqual([
      {
        source: 'deals',
        key: String(lead.id),
        reason: 'commission',
        first_seen: new Date('2026-11-16T11:01:00Z'),
        last_seen: new Date('2026-11-16T12:01:00Z'),
        times: 2,
      },
      {
        source: 'deals',
        key: String(orphan.id),
        reason: 'no-agent',
        first_seen: new Date('2026-11-16T11:01:00Z'),
        last_seen: new Date('2026-11-16T12:01:00Z'),
        times: 2,
      },
    ]);
    at.vendor.state.patchLead(lead.id, { commission: '20' });
    at.vendor.state.patchLead(orphan.id, { agentId: 41001 });
    expect(await at.delta()).toMatchObject({ rejected: 0, updated: 1, inserted: 1 });
    expect(await at.rows('select * from rejected_records')).toEqual([]);
  });

  it('leave the shelf when a complete pass no longer lists them', async () => {
    const { it: at } = office;
    addDeals(at, 5);
    const lead = at.vendor.state.addLead({ agentId: null });
    at.vendor.state.addLead({ raw: { id: 'x' } });
    await at.window();
    expect(await at.one('select count(*)::int from rejected_records')).toBe(2);
    at.vendor.state.remove(lead.id);
    await at.window();
    expect(await at.one('select count(*)::int from rejected_records')).toBe(1);
    at.vendor.state.clear();
    addDeals(at, 5);
    at.vendor.faults.clear();
  });

  it('do not stop the pass, whatever their number', async () => {
    const { it: at } = office;
    for (let n = 0; n < 60; n++) at.vendor.state.addLead({ agentId: null });
    at.vendor.state.addLead();
    expect(await at.window()).toMatchObject({ inserted: 1, rejected: 60, complete: true });
  });

  it('leave no personal text anywhere in the database', async () => {
    const { it: at } = office;
    const canary = 'Kanariefågel Andersson';
    at.vendor.state.addLead({ contactName: canary, contactPhone: '+4670999888', commission: 'x' });
    at.vendor.state.addLead({ contactName: canary, raw: { id: null, note: canary, [canary]: 1 } });
    at.vendor.state.addLead({
      contactName: canary,
      extraFields: [{ id: 1, label: 'Kommentar', value: canary }],
    });
    await at.window();
    expect(await dump(at)).not.toMatch(/Kanarief|4670999888/);
  });
});

async function dump(at: ReturnType<typeof usePassOffice>['it']): Promise<string> {
  const tables = await at.rows<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public'`,
  );
  const all = await Promise.all(tables.map(({ name }) => at.rows(`select t::text as row from ${name} t`)));
  return JSON.stringify(all);
}
