import type { FileContent } from '../../src/main/csv.ts';
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  closedDuplicate,
  duplicateAction,
  duplicateCase,
  pendingDuplicate,
} from '../../src/shared/contract/duplicates.ts';
import * as answers from '../../src/main/deals/answer-duplicates.ts';
import type { DuplicateChoice } from '../../src/main/deals/resolve-duplicate.ts';
import { TodayCache } from '../../src/main/deals/today-cache.ts';
import type { Operations } from '../../src/main/operations.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { ann, ben, cia, decideOpen, minute, openCase, queueCase, undo } from './decision-steps.ts';
import { addDeals, usePassOffice, type PassOffice } from './pass-office.ts';
import { exportHistory } from '../../src/main/deals/export-history.ts';
import { textOf } from '../support/text-of.ts';

const office = usePassOffice();

/** As much of running operations as these answers use. */
async function operationsOf(at: PassOffice, database: Database = at.database): Promise<Operations> {
  const today = new TodayCache({
    database: at.database,
    clock: at.clock,
    timeZone: () => at.settings.timeZone,
  });
  await today.load();
  const workspace = { database, holder: 'console 1@north', passes: { clock: at.clock } };
  return { workspace, today, settings: () => at.settings } as unknown as Operations;
}

const page = { limit: 100, offset: 0 };

describe('the queue', () => {
  it('shows both sides with their names, and in what they differ', async () => {
    const { it: at } = office;
    const lead = await queueCase(at);
    const { pending, count } = await answers.pending(await operationsOf(at), page);
    expect(count).toBe(1);
    expect(pendingDuplicate.parse(pending[0])).toMatchObject({
      lead_id: String(lead.id),
      reasons: ['agent', 'order_date'],
      differs: ['agent', 'commission', 'order_date', 'multi_deals'],
      existing: {
        user_id: String(ann),
        agent: 'Anna Lindqvist',
        commission: 100,
        order_date_source: 'instant',
      },
      incoming: {
        user_id: String(ben),
        commission: 250.5,
        multi_deals: 2,
        order_date: '2026-11-16T09:30:00.000Z',
      },
      version: 1,
    });
  });

  it('without an order date of its own the incoming side has the existing one’s, and differs not in it', async () => {
    const { it: at } = office;
    const lead = at.vendor.state.addLead({ agentId: ann, orderDate: '2026-11-12' });
    await at.window();
    at.pass(minute);
    at.vendor.state.patchLead(lead.id, { agentId: ben, orderDate: null });
    await at.window();
    const { pending } = await answers.pending(await operationsOf(at), page);
    expect(pending[0]).toMatchObject({ differs: ['agent'], incoming: { order_date_source: 'day' } });
    expect(pending[0]!.incoming.order_date).toBe(pending[0]!.existing!.order_date);
  });

  it('has nothing to differ from where the existing deal is gone', async () => {
    const { it: at } = office;
    await queueCase(at);
    await at.database.query('delete from deals');
    const { pending } = await answers.pending(await operationsOf(at), page);
    expect(pending[0]).toMatchObject({ existing: null, differs: [] });
  });

  it('is oldest first, in pages, and can be searched by lead, agent and campaign, signs taken as they are', async () => {
    const { it: at } = office;
    const leads = at.vendor.state.addLeads(5, () => ({ agentId: ann }));
    await at.window();
    for (const lead of leads) {
      at.pass(minute);
      at.vendor.state.reassign(lead.id, lead === leads[3] ? cia : ben);
      await at.window();
    }
    const operations = await operationsOf(at);
    const of = async (search?: string, more = page) => {
      const found = await answers.pending(operations, { ...more, search });
      return { leads: found.pending.map((one) => Number(one.lead_id)), count: found.count };
    };
    const ids = leads.map((lead) => lead.id);
    expect(await of()).toEqual({ leads: ids, count: 5 });
    expect(await of(undefined, { limit: 2, offset: 3 })).toEqual({ leads: ids.slice(3), count: 5 });
    expect(await of(String(ids[2]))).toEqual({ leads: [ids[2]], count: 1 });
    const [named] = await at.rows<{ name: string }>('select name from agents where user_id = $1', [cia]);
    expect(await of(named!.name.slice(1).toUpperCase())).toEqual({ leads: [ids[3]], count: 1 });
    expect(await of('lindqvist')).toMatchObject({ count: 5 });
    expect(await of('%')).toEqual({ leads: [], count: 0 });
    expect(await of(`' or true --`)).toEqual({ leads: [], count: 0 });
  });
});

describe('one case', () => {
  it.each(duplicateAction.options)('says before %s what today’s board is after it', async (action) => {
    const { it: at } = office;
    at.vendor.state.addLead({ agentId: ben, commission: '50', orderDate: new Date('2026-11-16T07:00:00Z') });
    at.vendor.state.addLead({ agentId: cia, commission: '90', orderDate: new Date('2026-11-16T07:00:00Z') });
    await queueCase(at);
    const before = await operationsOf(at);
    const { id } = await openCase(at);
    const shown = duplicateCase.parse(await answers.oneCase(before, id));
    expect(shown).toMatchObject({ status: 'pending', resolution: null, trail: [] });
    await decideOpen(at, action);
    const was = before.today.today().board;
    const is = (await operationsOf(at)).today.today().board;
    const told = new Map(shown.effects[action].map((move) => [move.user_id, move]));
    for (const { user_id: user } of [...was, ...is]) {
      const rank = (board: typeof was) => board.findIndex((row) => row.user_id === user) + 1 || null;
      const sums = (board: typeof was) =>
        board.find((row) => row.user_id === user) ?? { deals: 0, commission: 0 };
      const deals = sums(is).deals - sums(was).deals;
      const move = told.get(user);
      expect(move?.deals ?? 0).toBe(deals);
      expect(move?.commission ?? 0).toBeCloseTo(sums(is).commission - sums(was).commission, 6);
      if (move) expect([move.rank_before, move.rank_after]).toEqual([rank(was), rank(is)]);
    }
    expect(told.size).toBe({ approve: 1, replace: 2, merge: 1, reject: 0 }[action]);
  });

  it('that is closed has its trail, its sides as they were, and no effects', async () => {
    const { it: at } = office;
    await queueCase(at);
    await undo(at, await decideOpen(at, 'approve', { note: 'first' }));
    at.pass(minute);
    const { id } = await decideOpen(at, 'merge', { note: 'second' });
    const shown = duplicateCase.parse(await answers.oneCase(await operationsOf(at), id));
    expect(shown).toMatchObject({
      status: 'resolved',
      resolution: 'merged',
      resolved_by: 'anna',
      resolved_at: '2026-11-16T11:02:00.000Z',
      duplicate: { version: 4, existing: { commission: 100 }, incoming: { commission: 250.5 } },
      effects: { approve: [], replace: [], merge: [], reject: [] },
    });
    expect(shown.trail.map(({ action, actor, note }) => [action, actor, note])).toEqual([
      ['approve', 'anna', 'first'],
      ['undo', 'bertil', null],
      ['merge', 'anna', 'second'],
    ]);
  });

  it('that never was is not found', async () => {
    await expect(answers.oneCase(await operationsOf(office.it), 999)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

const resolver = (operations: Operations) => (choice: DuplicateChoice) =>
  answers.resolve(operations, 'anna', randomUUID(), choice);

describe('deciding many at once', () => {
  it('decides what it can, and says of each of the others why not', async () => {
    const { it: at } = office;
    const leads = at.vendor.state.addLeads(3, () => ({ agentId: ann }));
    await at.window();
    for (const lead of leads) at.vendor.state.reassign(lead.id, ben);
    await at.window();
    const cases = (await at.pending()).map(({ id, version }) => ({ id, version }));
    const operations = await operationsOf(at);
    await answers.resolve(operations, 'bertil', randomUUID(), { ...cases[1]!, action: 'reject' });
    const many = await answers.resolveMany(resolver(operations), {
      action: 'approve',
      note: 'all alike',
      cases: [...cases, { id: 999, version: 1 }],
    });
    expect(many.decided.map((one) => one.id)).toEqual([cases[0]!.id, cases[2]!.id]);
    expect(many.refused).toMatchObject([
      { id: cases[1]!.id, message: expect.stringContaining('rejected by bertil') as unknown },
      { id: 999 },
    ]);
    expect(
      await at.one(`select count(*)::int from pending_duplicates where resolution_note = 'all alike'`),
    ).toBe(2);
  });

  it('does not wait for a database that is away once for each case', async () => {
    const { it: at } = office;
    const { OpsdeckError } = await import('../../src/main/errors.ts');
    let asked = 0;
    const away = {
      ...at.database,
      transaction: () => ((asked += 1), Promise.reject(new OpsdeckError('DATABASE_AWAY', 'away'))),
    };
    const cases = Array.from({ length: 50 }, (_, index) => ({ id: index + 1, version: 1 }));
    const many = await answers.resolveMany(resolver(await operationsOf(at, away)), {
      action: 'reject',
      cases,
    });
    expect(many.refused).toHaveLength(50);
    expect(asked).toBe(1);
  });
});

describe('the history', () => {
  /** Closed in this order: replaced (with a note), withdrawn because the lead is gone, rejected a day later. */
  async function closeThree(at: PassOffice) {
    addDeals(at, 10);
    const first = await queueCase(at);
    await decideOpen(at, 'replace', { note: '=HYPERLINK("x"), 100 %' });
    const second = await queueCase(at);
    at.pass(minute);
    at.vendor.state.remove(second.id);
    await at.window();
    at.pass(13 * 60 * minute);
    const third = await queueCase(at);
    await decideOpen(at, 'reject');
    return [third, second, first].map((lead) => String(lead.id));
  }

  it('is newest first, with sides as they were when closed, and can be searched and filtered', async () => {
    const { it: at } = office;
    const ids = await closeThree(at);
    const operations = await operationsOf(at);
    const all = await answers.history(operations, page);
    expect(all.count).toBe(3);
    expect(all.closed.map((one) => closedDuplicate.parse(one).lead_id)).toEqual(ids);
    expect(all.closed.map((one) => [one.status, one.resolution, one.resolved_by])).toEqual([
      ['resolved', 'rejected', 'anna'],
      ['withdrawn', null, null],
      ['resolved', 'replaced', 'anna'],
    ]);
    for (const one of all.closed)
      expect(one.existing).toMatchObject({ user_id: String(ann), commission: 100 });
    const of = async (filter: Parameters<typeof answers.history>[1] | object) =>
      (await answers.history(operations, { ...page, ...filter })).closed.map((one) => one.lead_id);
    expect(await of({ resolution: 'withdrawn' })).toEqual([ids[1]]);
    expect(await of({ resolution: 'replaced' })).toEqual([ids[2]]);
    expect(await of({ search: 'hyperlink' })).toEqual([ids[2]]);
    expect(await of({ search: '100 %' })).toEqual([ids[2]]);
    expect(await of({ search: 'ANNA' })).toEqual(ids);
    expect(await of({ search: ids[1] })).toEqual([ids[1]]);
    expect(await of({ to: '2026-11-16' })).toEqual([ids[1], ids[2]]);
    expect(await of({ from: '2026-11-17', to: '2026-11-17' })).toEqual([ids[0]]);
    expect(await of({ limit: 1, offset: 1 })).toEqual([ids[1]]);
  });

  it('is saved as CSV in the language asked for, times of the office, nothing a spreadsheet would run', async () => {
    const { it: at } = office;
    const ids = await closeThree(at);
    const saved: { name: string; text: string }[] = [];
    const desktop = {
      async saveFile(name: string, content: FileContent) {
        saved.push({ name, text: await textOf(content) });
        return `/tmp/${name}`;
      },
    };
    const operations = await operationsOf(at);
    const answer = await exportHistory(operations, desktop, { language: 'sv' });
    expect(answer).toEqual({ path: '/tmp/dubbletter-2026-11-17.csv', rows: 3 });
    const lines = saved[0]!.text.trim().split('\r\n');
    expect(lines[0]).toContain('Ärende,Lead,Upptäckt,Skiljer sig,Befintlig: säljare');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toContain(`,${ids[0]},2026-11-17 01:`);
    expect(lines[1]).toContain(',Avvisad,2026-11-17 01:');
    expect(lines[2]).toContain(',Återtagen,');
    expect(lines[3]).toContain(`'=HYPERLINK`);
    for (const line of lines.slice(1)) expect(line).toContain('Anna Lindqvist');
    await exportHistory(operations, desktop, { language: 'en', resolution: 'rejected' });
    expect(saved[1]!.name).toBe('duplicates-2026-11-17.csv');
    expect(saved[1]!.text).toContain('Existing: agent');
    expect(saved[1]!.text.trim().split('\r\n')).toHaveLength(2);
  });

  it('is nowhere when the person thought better of it', async () => {
    const { it: at } = office;
    await queueCase(at);
    await decideOpen(at, 'reject');
    const desktop = { saveFile: () => Promise.resolve(null) };
    expect(await exportHistory(await operationsOf(at), desktop, { language: 'en' })).toEqual({
      path: null,
      rows: 0,
    });
  });
});
