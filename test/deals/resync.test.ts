import { describe, expect, it } from 'vitest';
import { resyncRange } from '../../src/main/deals/resync-range.ts';
import type { Lead } from '../../src/main/sandbox/adversus/records.ts';
import { addDeals, usePassOffice, type PassOffice } from './pass-office.ts';

const minute = 60_000;
const zone = 'Europe/Stockholm';

/** What a fresh import would have too: everything but numbers and times of our own. */
function content(office: PassOffice) {
  return office.rows(
    `select lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status, notes,
            follows, is_duplicate, upstream_updated_at from deals order by lead_id, user_id`,
  );
}

describe('the range of a resync', () => {
  const now = new Date('2026-11-16T11:00:00Z');

  it('is the window, whole office days, or everything', () => {
    expect(resyncRange({ kind: 'rolling' }, now, zone).end).toEqual(new Date('2026-11-30T23:00:00Z'));
    const days = { from: '2026-03-28', to: '2026-03-29' };
    expect(resyncRange({ kind: 'full', days }, now, zone)).toEqual({
      start: new Date('2026-03-27T23:00:00Z'),
      end: new Date('2026-03-29T22:00:00Z'),
    });
    expect(resyncRange({ kind: 'full', days: null }, now, zone).start.getUTCFullYear()).toBe(2000);
  });

  it.each([
    ['2026-02-30', '2026-03-01'],
    ['2026-03-02', '2026-03-01'],
    ['yesterday', '2026-03-01'],
  ])('refuses %s to %s in words', (from, to) => {
    expect(() => resyncRange({ kind: 'full', days: { from, to } }, now, zone)).toThrow(/day/);
  });
});

describe('a resync of deals', () => {
  const office = usePassOffice({ settings: { pageSize: 10 } });

  /** Rows that a hand has broken: one changed, one lost, one invented. */
  async function breakRows(at: PassOffice): Promise<void> {
    await at.database.query(`update deals set commission = 1, campaign_id = 'x' where id % 7 = 1`);
    await at.database.query(`delete from deals where id % 9 = 2`);
    await at.database.query(
      `insert into deals (lead_id, user_id, order_date, status, upstream_updated_at)
       select '99999', 1, upstream_updated_at, 'success', upstream_updated_at from deals limit 1`,
    );
  }

  it.each(['rolling', 'full'] as const)('(%s) leaves what a fresh import would', async (kind) => {
    const { it: at } = office;
    addDeals(at, 45);
    await at.window();
    const fresh = await content(at);
    await breakRows(at);
    expect(await content(at)).not.toEqual(fresh);
    expect(await at.run('deals', kind)).toMatchObject({ complete: true, removed: 1, held: 0 });
    expect(await content(at)).toEqual(fresh);
    expect(await at.run('deals', kind)).toMatchObject({ inserted: 0, updated: 0, removed: 0, unchanged: 45 });
    expect(await at.one('select kind from sync_runs order by id desc limit 1')).toBe(kind);
  });

  it('says what is removed and changed in one entry of the change log', async () => {
    const { it: at } = office;
    addDeals(at, 12);
    await at.window();
    await breakRows(at);
    const before = await at.one<number>('select seq from change_counter');
    await at.run('deals', 'rolling');
    const changes = await at.rows(`select data from change_log where seq > $1 and kind = 'deals'`, [before]);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ data: { removed: 1, removedIds: [expect.any(Number) as number] } });
  });

  it.each([
    ['a page fails', { page: 3, do: { kind: 'answer', status: 500 } }],
    ['a page is cut', { page: 4, do: { kind: 'truncate' } }],
    ['the first page is a web page', { page: 1, do: { kind: 'html' } }],
  ] as const)('leaves the old data when %s', async (_name, fault) => {
    const { it: at } = office;
    addDeals(at, 45);
    await at.window();
    await breakRows(at);
    const before = await content(at);
    at.vendor.faults.add({ path: '/leads', ...fault });
    await expect(at.run('deals', 'rolling')).rejects.toMatchObject({
      code: expect.stringMatching(/^UPSTREAM_/) as string,
    });
    expect(await content(at)).toEqual(before);
  });

  it('leaves the old data when its list never holds still', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 45);
    await at.window();
    await breakRows(at);
    const before = await content(at);
    let next = 0;
    at.vendor.faults.add({
      path: '/leads',
      page: 2,
      do: { kind: 'before', run: () => void at.vendor.state.remove(leads[next++]!.id) },
    });
    await expect(at.run('deals', 'rolling')).rejects.toMatchObject({
      code: 'UPSTREAM_FAILED',
      message: expect.stringContaining('nothing was changed') as string,
    });
    expect(await content(at)).toEqual(before);
  });

  it('leaves the old data when its connections are cut while it writes', async () => {
    const { it: at } = office;
    addDeals(at, 45);
    await at.window();
    const fresh = await content(at);
    await breakRows(at);
    const before = await content(at);
    let resync: Promise<string> | undefined;
    // Held back by a lock of ours until its back end is ended in the middle of the transaction.
    await at.database.transaction(async (tx) => {
      await tx.query('lock table deals in share mode');
      resync = at.run('deals', 'rolling').then(
        () => 'done',
        () => 'failed',
      );
      for (let ended = 0; ended === 0;) {
        ended = await at.one<number>(
          `select count(pg_terminate_backend(pid))::int from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`,
        );
      }
    });
    expect(await resync).toBe('failed');
    expect(await content(at)).toEqual(before);
    await at.run('deals', 'rolling');
    expect(await content(at)).toEqual(fresh);
  });

  it('keeps decisions, and what waits for one', async () => {
    const { it: at } = office;
    const [moved, kept] = addDeals(at, 12) as [Lead, Lead, ...Lead[]];
    await at.window();
    await at.database.query(`update deals set follows = false where lead_id = $1`, [String(kept.id)]);
    at.vendor.state.patchLead(moved.id, { agentId: 7777 });
    expect(await at.run('deals', 'full')).toMatchObject({ held: 1, updated: 0 });
    expect(await at.pending()).toMatchObject([{ lead_id: String(moved.id), new_user_id: 7777 }]);
    expect(await at.rows('select follows from deals where lead_id = $1', [String(kept.id)])).toEqual([
      { follows: false },
    ]);
  });

  it('touches nothing outside its days', async () => {
    const { it: at } = office;
    addDeals(at, 12);
    await at.window();
    at.pass(3 * 24 * 60 * minute);
    addDeals(at, 12);
    await at.window();
    await at.database.query('update deals set multi_deals = 9');
    const days = { from: '2026-11-19', to: '2026-11-19' };
    expect(await at.run('deals', 'full', { days })).toMatchObject({ updated: 12, unchanged: 0, removed: 0 });
    expect(await at.one('select count(*)::int from deals where multi_deals = 9')).toBe(12);
  });

  it('brings deals older than the window, and does not make delta passes skip any', async () => {
    const { it: at } = office;
    at.vendor.state.addLeads(5, () => ({ updatedAt: Date.parse('2026-03-02T10:00:00Z') }));
    const days = { from: '2026-03-01', to: '2026-03-31' };
    expect(await at.run('deals', 'full', { days })).toMatchObject({ inserted: 5 });
    expect(await at.one('select count(*)::int from sync_cursors')).toBe(0);
    addDeals(at, 3);
    expect(await at.delta()).toMatchObject({ inserted: 3 });
  });

  it('waits for a person before it removes much, and a later window does not end that', async () => {
    const { it: at } = office;
    const old = at.vendor.state.addLeads(10, () => ({ updatedAt: Date.parse('2026-03-02T10:00:00Z') }));
    await at.run('deals', 'full');
    const [first, second] = addDeals(at, 5) as [Lead, Lead, ...Lead[]];
    await at.window();
    for (const lead of old.slice(0, 8)) at.vendor.state.remove(lead.id);
    const days = { from: '2026-03-01', to: '2026-03-31' };
    expect(await at.run('deals', 'full', { days })).toMatchObject({
      removed: 0,
      held: 8,
      removalsHeld: true,
    });
    at.pass(minute);
    expect(await at.window()).toMatchObject({ complete: true, removalsHeld: false });
    expect(await at.rows('select state, cardinality(lead_ids) as leads from held_removals')).toEqual([
      { state: 'held', leads: 8 },
    ]);
    // A single removal in the window is no part of that and goes as usual.
    at.vendor.state.remove(first.id);
    expect(await at.window()).toMatchObject({ removed: 1 });
    at.vendor.state.remove(second.id);
    expect(await at.decide(1, 'accept')).toMatchObject({ state: 'done', removed: 8 });
    expect(await at.window()).toMatchObject({ removed: 1 });
  });

  it('keeps a lead that the list lacks and the vendor still calls a success', async () => {
    const { it: at } = office;
    const hidden = addDeals(at, 8).at(-1)!;
    await at.window();
    await at.database.query(`update deals set multi_deals = 5 where lead_id = $1`, [String(hidden.id)]);
    at.vendor.faults.add({
      path: '/leads',
      do: [
        { kind: 'skip-row', row: 0 },
        { kind: 'wrong-total', by: -1 },
      ],
    });
    expect(await at.run('deals', 'rolling')).toMatchObject({ removed: 0, shifted: true, updated: 1 });
    expect(await at.deal(hidden)).toMatchObject({ multi_deals: 1 });
  });
});

describe('a resync of messages', () => {
  const office = usePassOffice({ settings: { pageSize: 10 } });

  const messages = (at: PassOffice) =>
    at.rows(`select id, user_id, receiver, "timestamp", status from sms_messages order by id`);

  function addMessages(at: PassOffice): void {
    const now = at.vendorClock.now();
    at.vendor.state.addManySms(45, (n) => ({ timestamp: now - n * minute }));
  }

  const invent = (at: PassOffice, count: number) =>
    at.database.query(
      `insert into sms_messages (id, user_id, receiver, "timestamp", status)
       select 'x' || n, 1, '+46700000000', m."timestamp", 'delivered'
         from generate_series(1, $1::int) n, (select max("timestamp") as "timestamp" from sms_messages) m`,
      [count],
    );

  it('leaves what a fresh import would, after a second look at what is to go', async () => {
    const { it: at } = office;
    addMessages(at);
    await at.run('sms', 'window');
    const fresh = await messages(at);
    await at.database.query(`update sms_messages set status = 'sent' where id = $1`, [
      String(fresh[3]!['id']),
    ]);
    await at.database.query(`delete from sms_messages where id = $1`, [String(fresh[4]!['id'])]);
    await invent(at, 2);
    expect(await at.run('sms', 'rolling')).toMatchObject({ inserted: 1, updated: 1, removed: 2 });
    expect(await messages(at)).toEqual(fresh);
  });

  it('keeps what too many lists would have to lack, and says so', async () => {
    const { it: at } = office;
    addMessages(at);
    await at.run('sms', 'window');
    await invent(at, 60);
    expect(await at.run('sms', 'rolling')).toMatchObject({ removed: 0, removalsHeld: true });
    expect(await at.one('select count(*)::int from sms_messages')).toBe(105);
    expect(await at.rows('select event_type from system_health_logs')).toEqual([{ event_type: 'WARNING' }]);
  });

  it('changes nothing when a page fails', async () => {
    const { it: at } = office;
    addMessages(at);
    await at.run('sms', 'window');
    await invent(at, 2);
    const before = await messages(at);
    at.vendor.faults.add({ path: '/sms', page: 2, do: { kind: 'truncate' } });
    await expect(at.run('sms', 'rolling')).rejects.toMatchObject({ code: 'UPSTREAM_UNREADABLE' });
    expect(await messages(at)).toEqual(before);
  });
});
