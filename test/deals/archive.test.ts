import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveBatch, bringBack } from '../../src/main/deals/archive-store.ts';
import { archiveBefore, archiveOld, moveBack } from '../../src/main/deals/archive/move-archive.ts';
import type { Queryable } from '../../src/main/storage/postgres.ts';
import { ann, ben, decideOpen, minute, queueCase, undo, decider, openCase } from './decision-steps.ts';
import { resolveDuplicate } from '../../src/main/deals/resolve-duplicate.ts';
import { addDeals, usePassOffice, type PassOffice } from './pass-office.ts';
import { expectRollupRight } from './recount-boards.ts';

const office = usePassOffice();
const zone = 'Europe/Stockholm';
const day = 86_400_000;
const before = new Date('2026-11-01T00:00:00Z');

const deps = (at: PassOffice) => ({
  database: at.database,
  clock: at.clock,
  permits: at.deps,
  waitMs: 1_000,
});
const archive = (at: PassOffice, until = new Date(at.clock.now().getTime() + day)) =>
  archiveOld(deps(at), until);
const archived = (at: PassOffice) => at.one<number>('select count(*)::int from deals_archive');
const back = (at: PassOffice) =>
  moveBack(deps(at), { range: null, settings: { archive: false }, actor: 'anna', console: 'test' });

/** What every reader of figures sees. */
async function figures(db: Queryable) {
  const rows = await db.query(
    `select jsonb_build_object(
       'days', (select jsonb_agg(to_jsonb(b) order by day, user_id) from board_days b),
       'months', (select jsonb_agg(to_jsonb(b) order by month, user_id) from board_months b),
       'totals', (select jsonb_agg(to_jsonb(b) order by day) from board_totals b),
       'all', (select jsonb_agg(to_jsonb(d) order by id) from deals_all d)) as seen`,
  );
  return rows.rows[0];
}

describe('archiving', () => {
  it('changes no figure of any day, whatever is old, and moving back gives the very rows', async () => {
    const { it: at } = office;
    const lead = fc.record({
      rows: fc.array(
        fc.record({
          user: fc.integer({ min: 1, max: 3 }),
          commission: fc.constantFrom(null, '0.10', '4500.00', '-250.50'),
          multi: fc.integer({ min: 0, max: 3 }),
          ago: fc.integer({ min: 0, max: 60 }),
          stampAgo: fc.integer({ min: 0, max: 60 }),
          replaced: fc.boolean(),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      waits: fc.constantFrom('nothing', 'case', 'hold', 'missing'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(lead, { minLength: 1, maxLength: 6 }), async (leads) => {
        await at.database.query(
          'truncate deals, deals_archive, pending_duplicates, held_removals, missing_leads cascade',
        );
        for (const [n, { rows, waits }] of leads.entries()) await addLead(at, `L${n}`, rows, waits);
        const was = await figures(at.database);
        const deals = await at.deals();
        const moved = await archive(at, before);
        expect(await figures(at.database)).toEqual(was);
        await expectRollupRight(at.database, zone);
        const old = leads.flatMap(({ rows, waits }, n) =>
          waits === 'nothing' && rows.every((row) => isOld(at, row.ago) && isOld(at, row.stampAgo))
            ? [`L${n}`]
            : [],
        );
        const held = await at.rows<{ lead_id: string }>(
          'select distinct lead_id from deals_archive order by 1',
        );
        expect(held.map((row) => row.lead_id)).toEqual(old);
        expect(await back(at)).toBe(moved);
        expect(await at.deals()).toEqual(deals);
        expect(await figures(at.database)).toEqual(was);
        await expectRollupRight(at.database, zone);
      }),
      { numRuns: 25 },
    );
  });

  it('that moved rows past the boards’ rollup would change figures', async () => {
    const { it: at } = office;
    await addLead(
      at,
      'L1',
      [{ user: 1, commission: '4500.00', multi: 2, ago: 40, stampAgo: 40, replaced: false }],
      'nothing',
    );
    const was = await figures(at.database);
    await at.database.query('alter table deals_archive disable trigger user');
    try {
      expect(await archive(at, before)).toBe(1);
      expect(await figures(at.database)).not.toEqual(was);
    } finally {
      await at.database.query('alter table deals_archive enable trigger user');
    }
  });

  it('goes on in batches, and stops where it is told', async () => {
    const { it: at } = office;
    await at.database.query(
      `insert into deals (lead_id, user_id, order_date, status, upstream_updated_at)
       select 'L' || n, 1, $1, 'success', $1 from generate_series(1, 1200) n`,
      [new Date('2026-01-01T00:00:00Z')],
    );
    const stop = new AbortController();
    const counts: number[] = [];
    const stopped = archiveOld(deps(at), before, {
      signal: stop.signal,
      onMoved: (moved) => (counts.push(moved), stop.abort(new Error('enough'))),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(counts).toEqual([500]);
    expect(await archived(at)).toBe(500);
    expect(await archiveOld(deps(at), before)).toBe(700);
    expect(await archived(at)).toBe(1200);
  });

  it('leaves a lead alone on which somebody decides at this moment, and that was opened again meanwhile', async () => {
    const { it: at } = office;
    await queueCase(at);
    const decided = await decideOpen(at, 'reject');
    const until = new Date(at.clock.now().getTime() + day);
    const step = { before: until, leads: 10, now: at.clock.now() };
    // Undone between the look for old leads and the lock: its deal is not written by that, so the lock comes at once.
    const moved = await at.database.transaction(async (tx) => {
      let undone = false;
      const between: typeof tx = {
        ...tx,
        backendPid: tx.backendPid,
        client: tx.client,
        query: async (sql, values, name) => {
          if (!undone && sql.includes('went as')) {
            undone = true;
            await at.database.query(
              `update pending_duplicates set status = 'pending' where id = ${decided.id}`,
            );
          }
          return tx.query(sql, values, name);
        },
      };
      return archiveBatch(between, step);
    });
    expect(moved).toBe(0);
    // The naive way, which trusts its first look, loses the deal that the open case is about.
    await at.database.query(
      `with went as (delete from deals where order_date < $1 returning id) select count(*) from went`,
      [until],
    );
    expect(await at.one('select existing_deal_id from pending_duplicates')).toBeNull();
  });

  it('waits for the deals to be free of a pass', async () => {
    const { it: at } = office;
    await at.database.query(
      `insert into sync_permits (source, token, holder, acquired_at, expires_at)
       values ('deals', gen_random_uuid(), 'cli 1@b', clock_timestamp(), clock_timestamp() + interval '1 minute')`,
    );
    await expect(archiveOld({ ...deps(at), waitMs: 0 }, before)).rejects.toMatchObject({ code: 'SYNC_BUSY' });
  });

  it('reckons whole office days, also over a change of clocks', () => {
    const settings = { timeZone: zone, archiveAfterDays: 60 };
    expect(archiveBefore(new Date('2026-11-16T22:30:00Z'), settings)).toEqual(
      new Date('2026-09-16T22:00:00Z'),
    );
    expect(archiveBefore(new Date('2026-11-16T23:00:00Z'), settings)).toEqual(
      new Date('2026-09-17T22:00:00Z'),
    );
  });
});

describe('what touches an archived lead finds it', () => {
  it('a pass that reads it unchanged leaves it there; one that reads it changed updates it', async () => {
    const { it: at } = office;
    const [one, other] = addDeals(at, 2);
    await at.window();
    expect(await archive(at)).toBe(2);
    expect(await at.window()).toMatchObject({ inserted: 0, updated: 0, unchanged: 2, removed: 0 });
    expect(await archived(at)).toBe(2);
    at.pass(minute);
    at.vendor.state.patchLead(one!.id, { commission: '777' });
    expect(await at.delta()).toMatchObject({ inserted: 0, updated: 1 });
    expect(await at.deals()).toMatchObject([{ lead_id: String(one!.id), commission: '777.00', version: 2 }]);
    expect(await at.rows('select lead_id from deals_archive')).toEqual([{ lead_id: String(other!.id) }]);
    await expectRollupRight(at.database, zone);
  });

  it('a change of agent waits for a person, as it would have', async () => {
    const { it: at } = office;
    const [lead] = addDeals(at, 1);
    await at.window();
    await archive(at);
    at.pass(minute);
    at.vendor.state.patchLead(lead!.id, { agentId: lead!.agentId === ann ? ben : ann });
    expect(await at.window()).toMatchObject({ inserted: 0, held: 1 });
    const found = await openCase(at);
    expect(found.existing_deal_id).toBe((await at.deals())[0]!.id);
    const decided = await resolveDuplicate(decider(at), { ...found, action: 'replace' });
    expect(await archive(at)).toBe(2);
    expect(await at.one('select existing_deal_id from pending_duplicates')).toBeNull();
    // Taken back although both of its deals are archived.
    expect(await undo(at, decided)).toMatchObject({ action: 'undo' });
    expect(await at.deals()).toMatchObject([
      { id: found.existing_deal_id, follows: true, is_duplicate: false },
    ]);
    expect(await archived(at)).toBe(0);
    await expectRollupRight(at.database, zone);
  });

  it('what a person decided about this very state still stands after it came back', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    await decideOpen(at, 'reject');
    const deals = await at.deals();
    await archive(at);
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, {});
    expect(await at.window()).toMatchObject({ held: 0, updated: 0, inserted: 0 });
    expect(await at.deals()).toMatchObject([{ id: deals[0]!.id, user_id: ann }]);
    expect(await at.pending('resolved')).toMatchObject([{ existing_deal_id: deals[0]!.id }]);
  });

  it('a lead that is gone from a range read anew is removed like any other', async () => {
    const { it: at } = office;
    const leads = addDeals(at, 12);
    await at.window();
    await archive(at);
    at.vendor.state.remove(leads[3]!.id);
    expect(await at.run('deals', 'rolling')).toMatchObject({ removed: 1, inserted: 0 });
    expect(await at.deals()).toEqual([]);
    expect(await archived(at)).toBe(11);
    await expectRollupRight(at.database, zone);
  });
});

describe('moving back', () => {
  it('is refused while the archive is on, and audited', async () => {
    const { it: at } = office;
    const asked = { range: null, settings: { archive: true }, actor: 'anna', console: 'test' };
    await expect(moveBack(deps(at), asked)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(await at.one('select count(*)::int from audit_log')).toBe(0);
    await back(at);
    expect(await at.rows('select actor, action from audit_log')).toEqual([
      { actor: 'anna', action: 'archive.move-back' },
    ]);
  });

  it('of leads that are not archived moves nothing', async () => {
    const { it: at } = office;
    expect(await at.database.transaction((tx) => bringBack(tx, ['nobody']))).toBe(0);
  });
});

const daysAgo = (at: PassOffice, days: number) => new Date(at.clock.now().getTime() - days * day);
const isOld = (at: PassOffice, days: number) => daysAgo(at, days) < before;

async function addLead(
  at: PassOffice,
  leadId: string,
  rows: readonly {
    user: number;
    commission: string | null;
    multi: number;
    ago: number;
    stampAgo: number;
    replaced: boolean;
  }[],
  waits: string,
): Promise<void> {
  let last: number | null = null;
  for (const [n, row] of rows.entries()) {
    const follows = n === rows.length - 1;
    const added = await at.database.query<{ id: number }>(
      `insert into deals (lead_id, user_id, commission, multi_deals, order_date, status, follows, is_duplicate,
                          upstream_updated_at)
       values ($1, $2, $3, $4, $5, 'success', $6, $7, $8) returning id`,
      [
        leadId,
        row.user,
        row.commission,
        row.multi,
        daysAgo(at, row.ago),
        follows,
        !follows && row.replaced,
        daysAgo(at, row.stampAgo),
      ],
    );
    const { id } = added.rows[0]!;
    if (last !== null && rows[n - 1]!.replaced)
      await at.database.query('update deals set replaced_by = $2 where id = $1', [last, id]);
    last = id;
  }
  if (waits === 'case')
    await at.database.query(
      `insert into pending_duplicates (lead_id, new_user_id, new_order_date, new_multi_deals, new_status, new_data, state_key,
                                       reasons, existing_deal_id, detected_at)
       values ($1, 9, now(), 1, 'success', '{}', 'k', '{agent}', $2, now())`,
      [leadId, last],
    );
  if (waits === 'missing') await at.database.query('insert into missing_leads values ($1, 1)', [leadId]);
  if (waits === 'hold')
    await at.database.query(
      `insert into held_removals (source, state, reason, range_start, range_end, of_deals, lead_ids, held_at, updated_at)
       values ('deals', 'held', 'share', now(), now(), 1, array[$1], now(), now())
       on conflict (source) where state in ('held', 'accepted')
       do update set lead_ids = held_removals.lead_ids || excluded.lead_ids`,
      [leadId],
    );
}
