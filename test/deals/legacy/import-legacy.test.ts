import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  importLegacy,
  legacyFiles,
  type LegacyImport,
} from '../../../src/main/deals/legacy/import-legacy.ts';
import { mapLegacyDeal } from '../../../src/main/deals/legacy/map-legacy.ts';
import { readEntries } from '../../../src/main/deals/legacy/read-entries.ts';
import type { Database } from '../../../src/main/storage/postgres.ts';
import { verifyAudit } from '../../../src/main/system/audit.ts';
import { openPassOffice, usePassOffice, type PassOffice } from '../pass-office.ts';

const office = usePassOffice();
const dayMs = 86_400_000;

interface OldDeal {
  leadId: unknown;
  userId: unknown;
  campaignId?: unknown;
  commission?: unknown;
  multiDeals?: unknown;
  orderDate?: unknown;
  status?: unknown;
}
const old = (leadId: unknown, more: Partial<OldDeal> = {}): OldDeal => ({
  leadId,
  userId: 101,
  campaignId: 7,
  commission: '1000',
  multiDeals: '1',
  orderDate: '2026-10-05T08:00:00Z',
  status: 'success',
  ...more,
});
const sms = (id: number, more: object = {}) => ({
  id,
  userId: 101,
  receiver: '+46701234567',
  timestamp: '2026-10-05T09:00:00Z',
  campaignId: 7,
  leadId: 900_000_001,
  status: 'delivered',
  ...more,
});

function folderOf(files: { deals?: unknown; sms?: unknown }): string {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-legacy-'));
  const text = (content: unknown) => (typeof content === 'string' ? content : JSON.stringify(content));
  if (files.deals !== undefined) writeFileSync(join(folder, legacyFiles.deals), text(files.deals));
  if (files.sms !== undefined) writeFileSync(join(folder, legacyFiles.sms), text(files.sms));
  return folder;
}

function run(on: PassOffice, folder: string, options: Partial<LegacyImport> = {}) {
  const { database, clock, deps, settings } = on;
  return importLegacy(
    {
      database,
      clock,
      settings,
      permits: { database, clock, processId: deps.processId, holder: deps.holder },
      waitMs: 10_000,
    },
    { folder, dryRun: false, backup: null, actor: 'anna', console: 'test', ...options },
  );
}

/** A database whose transactions' statements are others. */
function rewriting(on: PassOffice, rewrite: (sql: string) => string | Promise<string>): Database {
  const { database } = on;
  return {
    ...database,
    transaction: (work, options) =>
      database.transaction(
        (tx) =>
          work({
            backendPid: tx.backendPid,
            client: tx.client,
            query: async (sql, values, name) => {
              const rewritten = await rewrite(sql);
              // A name is of one text only.
              return tx.query(rewritten, values, rewritten === sql ? name : undefined);
            },
          }),
        options,
      ),
  };
}

const everything = async (on: PassOffice) => ({
  deals: await on.rows(
    `select lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status, notes, follows,
            upstream_updated_at from deals order by lead_id, order_date`,
  ),
  sms: await on.rows(
    'select id, user_id, receiver, "timestamp", campaign_id, lead_id, status from sms_messages order by id',
  ),
});

describe('an import', () => {
  it('brings deals and messages in, once however often it is run', async () => {
    const folder = folderOf({
      deals: [old(1), old('2', { commission: null, multiDeals: '34Dentle', campaignId: 'Fiber' })],
      sms: { 11: sms(11), 12: sms(12, { status: 'sent' }) },
    });
    const first = await run(office.it, folder);
    expect(first).toMatchObject({
      deals: { read: 2, inserted: 2, known: 0, conflicts: 0, rejected: 0 },
      sms: { read: 2, inserted: 2, known: 0, rejected: 0 },
      missing: [],
    });
    const before = await everything(office.it);
    expect(before.deals).toMatchObject([
      { lead_id: '1', campaign_id: '7', commission: '1000.00', multi_deals: 1, follows: true },
      {
        lead_id: '2',
        campaign_id: null,
        commission: null,
        notes: ['campaign-name', 'multi-deals-unreadable'],
      },
    ]);
    const again = await run(office.it, folder);
    expect(again).toMatchObject({ deals: { inserted: 0, known: 2 }, sms: { inserted: 0, known: 2 } });
    expect(await everything(office.it)).toEqual(before);
    expect(await verifyAudit(office.it.database)).toMatchObject({ ok: true, rows: 2 });
  });

  it('takes files that are objects by lead id, and either file alone', async () => {
    const folder = folderOf({ deals: { 5: old(undefined), 6: old(6), 7: old(8) } });
    expect(await run(office.it, folder)).toMatchObject({
      deals: { read: 3, inserted: 2, rejected: 1 },
      rejects: { deals: [{ reason: 'id', count: 1, examples: [{ key: '7' }] }] },
      missing: ['sms-cache.json'],
    });
  });

  it('rehearsed, counts the same and writes nothing', async () => {
    const folder = folderOf({ deals: [old(1), old(1), old(2, { userId: null })], sms: [sms(1), sms(1)] });
    const rehearsed = await run(office.it, folder, { dryRun: true });
    expect(await everything(office.it)).toEqual({ deals: [], sms: [] });
    expect(await office.it.one('select count(*)::int from audit_log')).toBe(0);
    expect(await run(office.it, folder)).toEqual(rehearsed);
  });

  it('refuses what a pass would refuse, and says how many for each reason', async () => {
    const counts = await run(
      office.it,
      folderOf({
        deals: [
          old(1),
          'words',
          old('x'),
          old(2, { status: 'notInterested' }),
          old(3, { userId: null }),
          old(4, { userId: 'Erik' }),
          old(5, { commission: 'a lot' }),
          old(6, { orderDate: null }),
          old(7, { orderDate: '31/12/2025' }),
          old(8, { commission: Number.MAX_VALUE }),
        ],
        sms: [sms(1, { receiver: 'Anna' }), sms(2, { timestamp: 'later' })],
      }),
    );
    expect(counts.deals).toEqual({ read: 10, inserted: 1, known: 0, conflicts: 0, rejected: 9 });
    const reasons = Object.fromEntries(counts.rejects.deals.map(({ reason, count }) => [reason, count]));
    expect(reasons).toEqual({
      record: 1,
      id: 1,
      status: 1,
      'no-agent': 1,
      'bad-agent': 1,
      commission: 2,
      'order-date': 2,
    });
    expect(counts.rejects.sms.map(({ reason }) => reason)).toEqual(['receiver', 'timestamp']);
    // What was written where a number belongs is personal in a message.
    expect(JSON.stringify(counts.rejects.sms)).not.toContain('Anna');
  });

  it('leaves a lead alone that is there with other content, was removed, or is twice in the file', async () => {
    await run(office.it, folderOf({ deals: [old(1), old(2), old(3)] }));
    await office.it.database.query(
      `with gone as (delete from deals where lead_id = '3' returning *)
       insert into deal_history (deal_id, lead_id, change, before) select id, lead_id, 'removed', to_jsonb(gone) from gone`,
    );
    const before = await everything(office.it);
    const counts = await run(
      office.it,
      folderOf({
        deals: [
          old(1, { commission: '2000' }),
          old(2, { orderDate: '2026-10-06T08:00:00Z' }),
          old(3),
          old(4),
          old(4, { userId: 102 }),
        ],
      }),
    );
    expect(counts.deals).toMatchObject({ inserted: 0, known: 0, conflicts: 5 });
    expect(counts.conflicts.map(({ lead_id: lead, why }) => [lead, why])).toEqual([
      ['1', 'other-content'],
      ['2', 'other-content'],
      ['3', 'removed-since'],
      ['4', 'twice-in-file'],
    ]);
    expect(await everything(office.it)).toEqual(before);
  });

  it('keeps both deals of a lead that was sold twice, of which the newest follows', async () => {
    await run(office.it, folderOf({ deals: [old(1), old(1, { orderDate: '2026-10-07T08:00:00Z' })] }));
    expect(await office.it.rows('select order_date, follows from deals order by order_date')).toMatchObject([
      { follows: false },
      { follows: true },
    ]);
  });

  it.each([
    ['cut off', (whole: string) => whole.slice(0, whole.length - 40)],
    ['a page', () => '<html>504 Gateway Time-out</html>'],
    ['half a character', (whole: string) => `${whole.slice(0, -2)}\u{1F600}`],
  ])('changes nothing when a file is broken (%s)', async (_what, damage) => {
    const deals = Array.from({ length: 5_000 }, (_, n) => old(n + 1));
    const folder = folderOf({ sms: [sms(1)], deals: damage(JSON.stringify(deals)) });
    await expect(run(office.it, folder)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await everything(office.it)).toEqual({ deals: [], sms: [] });
  });

  it('of a broken file, naively written as it is read, would leave half of it', async () => {
    const deals = Array.from({ length: 5_000 }, (_, n) => old(n + 1));
    const folder = folderOf({ deals: JSON.stringify(deals).slice(0, -40) });
    const zones = { officeZone: 'UTC', vendorZone: 'UTC' };
    const naive = async (): Promise<void> => {
      for await (const entry of readEntries(join(folder, legacyFiles.deals), { onBytes: () => {} })) {
        if (entry.number % 500 > 0 || 'tooLong' in entry) continue;
        const mapped = mapLegacyDeal(entry.value, entry.key, zones);
        if ('rejection' in mapped) continue;
        await office.it.database.query(
          `insert into deals (lead_id, user_id, order_date, status, upstream_updated_at) values ($1, $2, $3, 'success', $3)`,
          [mapped.fact.leadId, mapped.fact.userId, mapped.fact.orderDate],
        );
      }
    };
    await expect(naive()).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect((await everything(office.it)).deals.length).toBeGreaterThan(0);
  });

  it('run twice without asking what is there would bring everything twice', async () => {
    const folder = folderOf({ deals: [old(1), old(2)] });
    await run(office.it, folder);
    const unasked = (sql: string) =>
      sql.replace("when same.number is not null then 'known'", '').replace(/when stored\.lead_id.*/, '');
    // The index of one following row for each lead would refuse them; whoever froze the first ones has them doubled.
    await office.it.database.query('update deals set follows = false');
    await run({ ...office.it, database: rewriting(office.it, unasked) } as PassOffice, folder);
    expect((await everything(office.it)).deals).toHaveLength(4);
  });

  it('is of no effect when another took over writing messages meanwhile; unfenced it would be', async () => {
    const folder = folderOf({ deals: [old(1)], sms: [sms(1)] });
    /** While the import writes, a pass over messages takes their permit over. */
    const takenOver = (unfenced: boolean) => {
      let done = false;
      return rewriting(office.it, async (sql) => {
        if (!done && sql.includes('insert into sms_messages')) {
          done = true;
          await office.it.database.query(
            `update sync_permits set token = gen_random_uuid(), holder = 'cli 1@b',
                    expires_at = clock_timestamp() + interval '1 minute' where source = 'sms'`,
          );
        }
        return unfenced && sql.includes('for key share') ? 'select 1 where $1::text <> $2::text' : sql;
      });
    };
    const importing = (unfenced: boolean) =>
      run({ ...office.it, database: takenOver(unfenced) } as PassOffice, folder);
    await expect(importing(false)).rejects.toMatchObject({ code: 'PERMIT_LOST' });
    expect(await everything(office.it)).toEqual({ deals: [], sms: [] });
    await office.it.database.query('delete from sync_permits');
    await importing(true);
    expect((await everything(office.it)).sms).toHaveLength(1);
  });

  it('copies the files first, and imports nothing when it cannot', async () => {
    const folder = folderOf({ deals: [old(1)], sms: [sms(1)] });
    const copies = join(folder, 'copies');
    await run(office.it, folder, { backup: copies });
    const [copied] = readdirSync(copies).filter((name) => name.endsWith(legacyFiles.deals));
    expect(readFileSync(join(copies, copied!), 'utf8')).toBe(
      readFileSync(join(folder, legacyFiles.deals), 'utf8'),
    );

    const blocked = join(folder, 'file');
    writeFileSync(blocked, '');
    await expect(run(office.it, folderOf({ deals: [old(2)] }), { backup: blocked })).rejects.toThrow(
      /could not be copied/,
    );
    expect(await office.it.one('select count(*)::int from deals')).toBe(1);
  });

  it('refuses a folder without the files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'opsdeck-legacy-'));
    mkdirSync(join(folder, legacyFiles.deals));
    await expect(run(office.it, folder)).rejects.toThrow(/neither deals-cache.json nor sms-cache.json/);
  });

  it('writes nothing when it is given up', async () => {
    const given = new AbortController();
    const folder = folderOf({ deals: Array.from({ length: 5_000 }, (_, n) => old(n + 1)) });
    const importing = run(office.it, folder, {
      signal: given.signal,
      onProgress: ({ stage }) => stage === 'applying' && given.abort(new Error('given up')),
    });
    await expect(importing).rejects.toThrow('given up');
    expect(await office.it.one('select count(*)::int from deals')).toBe(0);
  });
});

describe('an import of 37 days, twice, then a pass over the window', () => {
  let once: Awaited<ReturnType<typeof openPassOffice>>;
  let twice: Awaited<ReturnType<typeof openPassOffice>>;
  beforeAll(async () => {
    [once, twice] = await Promise.all([openPassOffice(), openPassOffice()]);
  });
  afterAll(() => Promise.all([once.close(), twice.close()]));

  it('leaves the rows of one import and one pass', async () => {
    const files = folderOf({});
    const results: Awaited<ReturnType<typeof everything>>[] = [];
    for (const [on, imports] of [
      [once, 1],
      [twice, 2],
    ] as const) {
      const deals: OldDeal[] = [];
      for (let n = 0; n < 37 * 20; n += 1) {
        const at = new Date(on.clock.now().getTime() - Math.floor(n / 20) * dayMs - (n % 20) * 600_000);
        const id = 700_000 + n;
        deals.push(old(id, { userId: 100 + (n % 6), commission: `${n}`, orderDate: at.toISOString() }));
        // What the vendor says by now: most unchanged, some with a commission that came later, some gone.
        if (n % 23 === 0) continue;
        const commission = n % 7 === 0 ? `${n + 500}` : `${n}`;
        on.vendor.state.addLead({
          id,
          agentId: 100 + (n % 6),
          campaignId: 7,
          commission,
          orderDate: at,
          updatedAt: at.getTime() + 60_000,
        });
      }
      writeFileSync(join(files, legacyFiles.deals), JSON.stringify(deals));
      for (let times = 0; times < imports; times += 1) await run(on, files);
      await on.window();
      results.push(await everything(on));
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[0]!.deals.length).toBeGreaterThan(600);
    // A commission that came later, and a lead that is gone.
    const commission = (lead: number) =>
      results[0]!.deals.find((deal) => deal['lead_id'] === String(lead))?.['commission'];
    expect([commission(700_007), commission(700_008), commission(700_023)]).toEqual([
      '507.00',
      '8.00',
      undefined,
    ]);
  });
});
