import { describe, expect, it } from 'vitest';
import { TodayCache } from '../../src/main/deals/today-cache.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { currentSeq, readChanges } from '../../src/main/system/change-log.ts';
import { usePassOffice, type PassOffice } from './pass-office.ts';

const minute = 60_000;

async function cacheOf(at: PassOffice, database: Database = at.database) {
  const cache = new TodayCache({ database, clock: at.clock, timeZone: () => at.settings.timeZone });
  let seq = await currentSeq(at.database);
  await cache.load(seq);
  return {
    cache,
    async follow() {
      const changes = await readChanges(at.database, seq, 1_000);
      seq = changes.at(-1)?.seq ?? seq;
      return cache.follow(changes);
    },
  };
}

/** What the cache says must be what a fresh one says. */
async function expectTrue(at: PassOffice, cache: TodayCache) {
  const fresh = await cacheOf(at);
  expect({ ...cache.today(), seq: 0 }).toEqual({ ...fresh.cache.today(), seq: 0 });
}

describe('today in memory', () => {
  const office = usePassOffice();

  it('follows inserts, updates and removals without loading anew', async () => {
    const { it: at } = office;
    at.vendor.state.addLeads(20, () => ({ orderDate: '2026-11-01' }));
    const { cache, follow } = await cacheOf(at);
    const lead = at.vendor.state.addLead({ commission: '100', multiDeals: '2' });
    at.vendor.state.addLead({ commission: '0.10' });
    at.vendor.state.addLead({ commission: '0.20', orderDate: '2026-11-15' });
    await at.window();
    await follow();
    expect(cache.today()).toMatchObject({ day: '2026-11-16', deals: 3, commission: 100.1 });
    at.vendor.state.patchLead(lead.id, { commission: '200' });
    await at.delta();
    await follow();
    expect(cache.today()).toMatchObject({ deals: 3, commission: 200.1 });
    expect(cache.today().feed[0]).toMatchObject({ user_id: '41001', agent: 'Anna Lindqvist' });
    at.vendor.state.revoke(lead.id);
    at.vendor.state.addSms({ receiver: '+46701740605' });
    at.vendor.state.addSms({ receiver: '+46701740605' });
    at.vendor.state.addSms({ receiver: '+46701740606', status: 'sent' });
    await at.window();
    await at.run('sms');
    await follow();
    expect(cache.today()).toMatchObject({ deals: 1, commission: 0.1, sms: 1 });
    await expectTrue(at, cache);
  });

  it('loads anew after a change too large to name', async () => {
    const { it: at } = office;
    const { cache, follow } = await cacheOf(at);
    at.vendor.state.addLeads(450);
    await at.window();
    await follow();
    expect(cache.today().deals).toBe(450);
    expect(cache.today().feed).toHaveLength(200);
    await expectTrue(at, cache);
  });

  it('leaves out what was replaced', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ commission: '10' });
    at.vendor.state.addLead({ commission: '20' });
    await at.window();
    await at.rows('update deals set is_duplicate = true where lead_id = $1', [String(lead.id)]);
    const { cache } = await cacheOf(at);
    expect(cache.today()).toMatchObject({ deals: 1, commission: 20 });
  });

  it('is not overwritten by a load that began before the change it followed', async () => {
    const { it: at } = office;
    let open = () => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    let slow = false;
    const database: Database = {
      ...at.database,
      async query(sql, values) {
        const rows = await at.database.query(sql, values);
        if (slow) await gate;
        return rows as never;
      },
    };
    const { cache, follow } = await cacheOf(at, database);
    slow = true;
    const loading = cache.load();
    await new Promise((resolve) => setTimeout(resolve, 100));
    at.vendor.state.addLead({ commission: '10' });
    await at.window();
    slow = false;
    const following = follow();
    open();
    await Promise.all([loading, following]);
    expect(cache.today()).toMatchObject({ deals: 1, commission: 10 });
  });

  it('knows that it is behind when a change could not be read, and makes up for it', async () => {
    const { it: at } = office;
    let away = false;
    const database: Database = {
      ...at.database,
      query: (sql, values) => (away ? Promise.reject(new Error('away')) : at.database.query(sql, values)),
    };
    const { cache, follow } = await cacheOf(at, database);
    at.vendor.state.addLead({ commission: '10' });
    await at.window();
    away = true;
    await expect(follow()).rejects.toThrow('away');
    expect(cache.isBehind()).toBe(true);
    away = false;
    at.vendor.state.addLead({ commission: '5' });
    await at.window();
    await follow();
    expect(cache.isBehind()).toBe(false);
    expect(cache.today()).toMatchObject({ deals: 2, commission: 15 });
  });
});

describe('the day', () => {
  const office = usePassOffice();

  it.each([
    ['Europe/Stockholm', '2026-10-24T22:00:00.000Z', '2026-10-25T22:59:59.999Z', '2026-10-25'],
    ['Europe/Stockholm', '2026-12-31T23:00:00.000Z', '2027-01-01T22:59:59.999Z', '2027-01-01'],
    ['Europe/Stockholm', '2026-03-28T23:00:00.000Z', '2026-03-29T21:59:59.999Z', '2026-03-29'],
    ['Asia/Bangkok', '2026-11-30T17:00:00.000Z', '2026-12-01T16:59:59.999Z', '2026-12-01'],
    ['America/New_York', '2026-11-01T04:00:00.000Z', '2026-11-02T04:59:59.999Z', '2026-11-01'],
  ])('in %s begins at %s and lasts to %s', async (timeZone, first, last, day) => {
    const { it: at } = office;
    at.settings.timeZone = timeZone;
    const around = [Date.parse(first) - 1, Date.parse(first), Date.parse(last), Date.parse(last) + 1];
    for (const [n, orderDate] of around.entries()) {
      await at.rows(
        `insert into deals (lead_id, user_id, order_date, status, upstream_updated_at, commission) values ($1, 1, $2, 'success', $2, $3)`,
        [String(n), new Date(orderDate), 10 ** n],
      );
    }
    for (const now of [first, last]) {
      at.clock.set(now);
      const { cache } = await cacheOf(at);
      expect(cache.today()).toMatchObject({ day, deals: 2, commission: 110 });
      expect(cache.isYesterday()).toBe(false);
      at.clock.set(new Date(Date.parse(last) + 1));
      expect(cache.isYesterday()).toBe(true);
      at.clock.set(new Date(Date.parse(first) - minute));
      expect(cache.isYesterday()).toBe(true);
    }
  });

  it('begins a new day without the database with what was ordered ahead, and is behind until loaded', async () => {
    const { it: at } = office;
    at.vendor.state.addLead({ commission: '10', orderDate: new Date('2026-11-16T11:00:00Z') });
    await at.window();
    const { cache } = await cacheOf(at);
    expect(cache.today()).toMatchObject({ day: '2026-11-16', deals: 1 });
    at.clock.set('2026-11-17T06:00:00Z');
    cache.beginDay();
    expect(cache.today()).toMatchObject({ day: '2026-11-17', deals: 0, board: [] });
    expect([cache.isYesterday(), cache.isBehind()]).toEqual([false, true]);
    await cache.load();
    expect(cache.isBehind()).toBe(false);
  });
});
