import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { openPassOffice, type PassOffice } from './pass-office.ts';

/*
 * Random histories of a vendor, read by random passes with random faults, against a model that knows only the rules
 * of the product: what must be in `deals` and in the queue at the end, and what must never be missing on the way.
 */

const minute = 60_000;
const agents = [41001, 41002, 41003] as const;
const orderDates = ['2026-11-10', '2026-11-11', null] as const;
const commissions = [null, '0', '100', '250.50'] as const;

/** What upstream says of a lead, as far as the rules look at it. */
interface LeadState {
  agent: number;
  commission: string | null;
  order: string | null;
  status: 'success' | 'notInterested' | 'gone';
  malformed: boolean;
}

type Step =
  | { kind: 'add'; lead: number; state: Omit<LeadState, 'status' | 'malformed'> }
  | { kind: 'commission'; lead: number; value: string | null }
  | { kind: 'order'; lead: number; value: string | null }
  | { kind: 'agent'; lead: number; value: number }
  | { kind: 'revoke'; lead: number }
  | { kind: 'delete'; lead: number }
  | { kind: 'malform'; lead: number; on: boolean }
  | { kind: 'pass'; pass: 'window' | 'delta'; fault: Fault };

type Fault = 'none' | 'page-fails' | 'row-skipped' | 'total-wrong' | 'moves-underneath' | 'look-ups-fail';

const leadNumber = fc.integer({ min: 0, max: 11 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      lead: leadNumber,
      state: fc.record({
        agent: fc.constantFrom(...agents),
        commission: fc.constantFrom(...commissions),
        order: fc.constantFrom(...orderDates),
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('commission' as const),
      lead: leadNumber,
      value: fc.constantFrom(...commissions),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      lead: leadNumber,
      value: fc.constantFrom(...orderDates),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('agent' as const),
      lead: leadNumber,
      value: fc.constantFrom(...agents),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), lead: leadNumber }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), lead: leadNumber }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('malform' as const), lead: leadNumber, on: fc.boolean() }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      pass: fc.constantFrom('window' as const, 'delta' as const),
      fault: fc.constantFrom<Fault>(
        'none',
        'none',
        'page-fails',
        'row-skipped',
        'total-wrong',
        'moves-underneath',
        'look-ups-fail',
      ),
    }),
  },
);

/** What we must hold of a lead: the rules of D2 and D8, a dozen lines. */
interface Held {
  agent: number;
  commission: string | null;
  /** A day, or 'fallback'. */
  order: string;
}

const money = (text: string | null) => (text === null ? null : Number(text).toFixed(2));

class Model {
  readonly upstream = new Map<number, LeadState>();
  readonly held = new Map<number, Held>();
  readonly pending = new Map<number, string>();

  /** A pass saw the lead as it is now. */
  see(lead: number): void {
    const state = this.upstream.get(lead);
    if (!state || state.status !== 'success' || state.malformed) return;
    const held = this.held.get(lead);
    if (!held) {
      this.held.set(lead, {
        agent: state.agent,
        commission: money(state.commission),
        order: state.order ?? 'fallback',
      });
      return;
    }
    const otherOrder = state.order !== null && held.order !== 'fallback' && state.order !== held.order;
    if (state.agent !== held.agent || otherOrder) {
      this.pending.set(lead, `${state.agent} ${money(state.commission)} ${state.order ?? held.order}`);
      return;
    }
    this.pending.delete(lead);
    held.commission = money(state.commission);
    if (state.order !== null) held.order = state.order;
  }

  /** A complete window pass looked the lead up and found it gone. */
  remove(lead: number): void {
    this.held.delete(lead);
    this.pending.delete(lead);
  }

  gone(lead: number): boolean {
    const state = this.upstream.get(lead);
    return !state || state.status !== 'success';
  }
}

const idOf = (lead: number) => 910_000_000 + lead;

/** Thirty leads that never change: the brake has something to measure by, and every read has several pages. */
const steady = 30;

class History {
  readonly model = new Model();
  readonly #at: PassOffice;
  injected = 0;
  /** How removals are decided: the product's way, or naively by absence, which must be found out. */
  readonly #naive: boolean;
  /** Set by the first complete pass: from then on the steady leads are stored. */
  #filled = false;

  constructor(at: PassOffice, naive: boolean) {
    this.#at = at;
    this.#naive = naive;
    at.vendor.state.addLeads(steady, (n) => ({ updatedAt: at.vendorClock.now() - 1_000 - n * 1_000 }));
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const next of steps) {
      this.#at.pass(minute);
      if (next.kind === 'pass') await this.pass(next.pass, next.fault);
      else this.#change(next);
    }
  }

  #change(next: Exclude<Step, { kind: 'pass' }>): void {
    const { state } = this.#at.vendor;
    const id = idOf(next.lead);
    const known = this.model.upstream.get(next.lead);
    if (next.kind === 'add') {
      const added: LeadState = { ...next.state, status: 'success', malformed: false };
      if (!state.leads.get(id)) state.addLead({ id });
      this.#put(next.lead, added);
      return;
    }
    if (!known || known.status === 'gone') return;
    if (next.kind === 'delete') {
      state.remove(id);
      this.model.upstream.set(next.lead, { ...known, status: 'gone' });
    } else if (next.kind === 'revoke') this.#put(next.lead, { ...known, status: 'notInterested' });
    else if (next.kind === 'malform') this.#put(next.lead, { ...known, malformed: next.on });
    else if (next.kind === 'commission') this.#put(next.lead, { ...known, commission: next.value });
    else if (next.kind === 'order') this.#put(next.lead, { ...known, order: next.value });
    else this.#put(next.lead, { ...known, agent: next.value });
  }

  #put(lead: number, to: LeadState): void {
    this.model.upstream.set(lead, to);
    this.#at.vendor.state.patchLead(idOf(lead), {
      agentId: to.malformed ? null : to.agent,
      commission: to.commission,
      orderDate: to.order,
      status: to.status === 'gone' ? 'invalid' : to.status,
    });
  }

  async pass(kind: 'window' | 'delta', fault: Fault): Promise<void> {
    const { vendor } = this.#at;
    const before = vendor.faults.injected;
    this.#plant(fault);
    const result = await (kind === 'window' ? this.#at.window() : this.#at.delta()).catch(() => null);
    vendor.faults.clear();
    this.injected += vendor.faults.injected - before;
    if (fault === 'none' && result?.complete !== true)
      throw new Error('a pass without a fault was not complete');
    await this.#catchUp();
    if (result?.complete) this.#filled = true;
    if (result && this.#naive) await this.#removeAbsent(kind);
    await this.#nothingMissing();
  }

  #plant(fault: Fault): void {
    const { faults, state } = this.#at.vendor;
    if (fault === 'page-fails') faults.add({ path: '/leads', page: 2, do: { kind: 'answer', status: 500 } });
    if (fault === 'row-skipped')
      faults.add({
        path: '/leads',
        page: 1,
        do: [
          { kind: 'skip-row', row: 0 },
          { kind: 'wrong-total', by: -1 },
        ],
      });
    if (fault === 'total-wrong') faults.add({ path: '/leads', page: 2, do: { kind: 'wrong-total', by: 1 } });
    if (fault === 'look-ups-fail') faults.add({ path: /\/leads\/\d+$/, do: { kind: 'answer', status: 500 } });
    if (fault === 'moves-underneath') {
      const oldest = state.successes()[0];
      if (!oldest) return;
      const run = () => void state.patchLead(oldest.id, {});
      faults.add({
        path: '/leads',
        page: 2,
        times: 1,
        do: [
          { kind: 'before', run },
          { kind: 'delay', ms: 0 },
        ],
      });
    }
  }

  /** A delta or faulty pass may or may not have seen a lead: the model takes over whichever of both is stored. */
  async #catchUp(): Promise<void> {
    const rows = await stored(this.#at);
    for (const lead of this.model.upstream.keys()) {
      const row = rows.deals.get(lead);
      if (!row) {
        if (this.model.held.has(lead) && !this.model.gone(lead))
          throw new Error(`live lead ${lead} was removed`);
        this.model.remove(lead);
        continue;
      }
      const skipped = JSON.stringify([this.model.held.get(lead), this.model.pending.get(lead)]);
      if (skipped === JSON.stringify([row, rows.pending.get(lead)])) continue;
      this.model.see(lead);
    }
    expect(rows).toEqual({ deals: this.model.held, pending: this.model.pending });
  }

  /** The mutant: what this pass did not list is deleted. */
  async #removeAbsent(kind: 'window' | 'delta'): Promise<void> {
    const since = kind === 'delta' ? this.#at.vendorClock.now() - 5 * minute : 0;
    const listed = this.#at.vendor.state
      .successes()
      .filter((lead) => lead.updatedAt >= since)
      .map((lead) => String(lead.id));
    await this.#at.database.query('delete from deals where lead_id <> all ($1::text[])', [listed]);
  }

  /** No lead that is a success upstream and was ever stored is missing. */
  async #nothingMissing(): Promise<void> {
    const there = new Set(
      (await this.#at.rows<{ lead_id: string }>('select lead_id from deals')).map((row) => row.lead_id),
    );
    for (const [lead] of this.model.held) {
      if (!this.model.gone(lead)) expect([...there]).toContain(String(idOf(lead)));
    }
    if (this.#filled) expect(there.size).toBeGreaterThanOrEqual(steady);
  }

  /** After a clean window pass all that is upstream is here, and nothing else. */
  async end(): Promise<void> {
    this.#at.pass(minute);
    const result = await this.#at.window();
    expect(result).toMatchObject({ complete: true, waiting: 0, removalsHeld: false });
    for (const lead of this.model.upstream.keys()) {
      if (this.model.gone(lead)) this.model.remove(lead);
      else this.model.see(lead);
    }
    expect(await stored(this.#at)).toEqual({ deals: this.model.held, pending: this.model.pending });
    expect(await this.#at.one('select count(*)::int from deals')).toBe(this.model.held.size + steady);
    expect(await this.#at.window()).toMatchObject({ inserted: 0, updated: 0, removed: 0 });
  }
}

async function stored(at: PassOffice): Promise<{ deals: Map<number, Held>; pending: Map<number, string> }> {
  const lead = (id: string) => Number(id) - 910_000_000;
  const deals = await at.rows<{
    lead_id: string;
    user_id: number;
    commission: string | null;
    order: string;
    source: string;
  }>(
    `select lead_id, user_id, commission, order_date_source as source,
            to_char(order_date at time zone 'Europe/Stockholm', 'YYYY-MM-DD') as "order"
       from deals where follows and lead_id like '9100000%' order by lead_id`,
  );
  const pending = await at.rows<{
    lead_id: string;
    user_id: number;
    commission: string | null;
    order: string | null;
    day: string;
    source: string;
  }>(
    `select p.lead_id, p.new_user_id as user_id, p.new_commission as commission, p.new_data->>'orderDate' as "order",
            to_char(p.new_order_date at time zone 'Europe/Stockholm', 'YYYY-MM-DD') as day, d.order_date_source as source
       from pending_duplicates p join deals d on d.id = p.existing_deal_id where p.status = 'pending'`,
  );
  return {
    deals: new Map(
      deals.map((row) => [
        lead(row.lead_id),
        {
          agent: row.user_id,
          commission: row.commission,
          order: row.source === 'fallback' ? 'fallback' : row.order,
        },
      ]),
    ),
    pending: new Map(
      pending.map((row) => [
        lead(row.lead_id),
        `${row.user_id} ${row.commission} ${row.order === null && row.source === 'fallback' ? 'fallback' : row.day}`,
      ]),
    ),
  };
}

describe('histories of a vendor', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  async function play(steps: readonly Step[], naive: boolean): Promise<number> {
    const office = await openPassOffice({ settings: { pageSize: 12 } }, database);
    try {
      const history = new History(office, naive);
      await history.play(steps);
      await history.end();
      return history.injected;
    } finally {
      await office.close();
      await database.query(
        `truncate deals, deal_history, pending_duplicates, rejected_records, held_removals, missing_leads, sync_runs, sync_cursors,
                  sync_permits, agents, campaigns, upstream_calls, upstream_accounts, system_health_logs cascade`,
      );
    }
  }

  const histories = (naive: boolean, onFaults?: (count: number) => void) =>
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 22, size: 'max' }), async (steps) => {
      const faults = await play(steps, naive);
      onFaults?.(faults);
    });

  it('end as the rules say, whatever happened and whatever failed on the way', async () => {
    const seed = Number(process.env['OPSDECK_SEED'] ?? Date.now() % 1_000_000);
    let faults = 0;
    const run = fc.check(
      histories(false, (count) => (faults += count)),
      {
        seed,
        numRuns: Number(process.env['OPSDECK_RUNS'] ?? 20),
        endOnFailure: !process.env['OPSDECK_SHRINK'],
      },
    );
    const found = await run;
    if (found.failed)
      throw new Error(`OPSDECK_SEED=${seed}: ${JSON.stringify(found.counterexample)}`, {
        cause: found.errorInstance,
      });
    expect(faults, `faults injected, OPSDECK_SEED=${seed}`).toBeGreaterThan(10);
  }, 120_000);

  it('find out a program that deletes what a pass did not list', async () => {
    const found = await fc.check(histories(true), { seed: 1, numRuns: 10, endOnFailure: true });
    expect(found.failed).toBe(true);
  });
});
