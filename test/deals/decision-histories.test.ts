import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  duplicateAction,
  duplicateField,
  type DuplicateField,
} from '../../src/shared/contract/duplicates.ts';
import { OpsdeckError } from '../../src/main/errors.ts';
import { resolveDuplicate } from '../../src/main/deals/resolve-duplicate.ts';
import { undoDuplicate } from '../../src/main/deals/undo-duplicate.ts';
import { verifyAudit } from '../../src/main/system/audit.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { decider, minute } from './decision-steps.ts';
import { openPassOffice, type PassOffice } from './pass-office.ts';

/*
 * Random histories of a vendor and of people who decide and take back, against a model that knows only the rules of
 * the product: which deals there are, which one follows, which count, and what waits.
 */

const agents = [41001, 41002, 41003] as const;
const days = ['2026-11-10', '2026-11-11', '2026-11-12'] as const;
const commissions = ['100.00', '200.00'] as const;

interface Upstream {
  agent: number;
  day: string;
  commission: string;
}

/** A deal as the rules see it; `version` tells whether it was changed. */
interface Deal extends Upstream {
  id: number;
  follows: boolean;
  counts: boolean;
  replacedBy: number | null;
  version: number;
}

interface Case {
  id: number;
  state: Upstream;
  existing: number | null;
  status: 'pending' | 'resolved' | 'withdrawn';
  version: number;
  resolution: string | null;
  before: Deal | null;
  added: number | null;
  decided: number;
}

const key = (state: Upstream) => `${state.agent} ${state.day} ${state.commission}`;
const pick = ({ agent, day, commission }: Upstream): Upstream => ({ agent, day, commission });

/** One lead's deals and cases by the rules of D8, U1 and U4. */
class Lead {
  upstream: Upstream | null = null;
  deals: Deal[] = [];
  cases: Case[] = [];
  #nextDeal = 1;
  #nextCase = 1;
  #decisions = 0;

  get open(): Case | undefined {
    return this.cases.find((one) => one.status === 'pending');
  }

  get follows(): Deal | undefined {
    return this.deals.find((deal) => deal.follows);
  }

  #add(state: Upstream): Deal {
    const deal = {
      ...pick(state),
      id: this.#nextDeal++,
      follows: true,
      counts: true,
      replacedBy: null,
      version: 1,
    };
    this.deals.push(deal);
    return deal;
  }

  #withdraw(): void {
    const { open } = this;
    if (open) Object.assign(open, { status: 'withdrawn', version: open.version + 1 });
  }

  /** A complete window pass, every look-up answered. */
  pass(): void {
    const { upstream, follows } = this;
    if (!upstream) {
      if (!follows) return;
      this.#drop(follows);
      this.#withdraw();
      return;
    }
    const decided = this.cases.filter((one) => one.status === 'resolved' && key(one.state) === key(upstream));
    const existing = follows ?? this.#kept(upstream);
    if (
      !existing ||
      (!follows && decided.some((one) => one.resolution === 'approve' || one.resolution === 'replace'))
    ) {
      this.#add(upstream);
      this.#withdraw();
      return;
    }
    const same = existing.agent === upstream.agent && existing.day === upstream.day;
    if (same) {
      this.#withdraw();
      if (!follows || existing.commission === upstream.commission) return;
      // A person chose what this deal takes of this state, and nothing changed it since.
      const chosen = decided.some(
        (one) =>
          one.existing === existing.id &&
          (one.resolution === 'merge' || one.resolution === 'reject') &&
          one.before!.version + (one.resolution === 'merge' ? 1 : 0) === existing.version,
      );
      if (!chosen)
        Object.assign(existing, { commission: upstream.commission, version: existing.version + 1 });
      return;
    }
    if (decided.length > 0) return this.#withdraw();
    const { open } = this;
    if (!open) {
      this.cases.push({
        id: this.#nextCase++,
        state: pick(upstream),
        existing: existing.id,
        status: 'pending',
        version: 1,
        resolution: null,
        before: null,
        added: null,
        decided: 0,
      });
    } else if (key(open.state) !== key(upstream)) {
      Object.assign(open, { state: pick(upstream), existing: existing.id, version: open.version + 1 });
    }
  }

  /** Of the deals that a person kept: one of the same agent first, one that counts, the newest. */
  #kept(state: Upstream): Deal | undefined {
    return [...this.deals].sort(
      (a, b) =>
        Number(b.agent === state.agent) - Number(a.agent === state.agent) ||
        Number(b.counts) - Number(a.counts) ||
        b.id - a.id,
    )[0];
  }

  #drop(deal: Deal): void {
    this.deals = this.deals.filter((one) => one !== deal);
    for (const one of this.deals) if (one.replacedBy === deal.id) one.replacedBy = null;
    for (const one of this.cases) if (one.existing === deal.id) one.existing = null;
  }

  decide(one: Case, action: string, fields: readonly DuplicateField[]): boolean {
    const existing = this.deals.find((deal) => deal.id === one.existing);
    if (action === 'merge' && !existing) return false;
    Object.assign(one, {
      status: 'resolved',
      resolution: action,
      version: one.version + 1,
      before: existing ? { ...existing } : null,
      added: null,
      decided: (this.#decisions += 1),
    });
    if (action === 'reject') return true;
    if (existing) {
      existing.version += 1;
      existing.follows = action === 'merge';
    }
    if (action === 'merge') {
      const taken = {
        ...(fields.includes('agent') ? { agent: one.state.agent } : {}),
        ...(fields.includes('commission') ? { commission: one.state.commission } : {}),
        ...(fields.includes('order_date') ? { day: one.state.day } : {}),
      };
      Object.assign(existing!, taken, { counts: true, replacedBy: null });
      return true;
    }
    one.added = this.#add(one.state).id;
    if (action === 'replace' && existing) Object.assign(existing, { counts: false, replacedBy: one.added });
    return true;
  }

  undo(one: Case): boolean {
    if (one.status !== 'resolved') return false;
    const added = this.deals.find((deal) => deal.id === one.added);
    if (one.added !== null && added?.version !== 1) return false;
    const existing = this.deals.find((deal) => deal.id === one.existing);
    if (one.before && existing?.version !== one.before.version + (one.resolution === 'reject' ? 0 : 1))
      return false;
    const later = this.cases.some(
      (other) =>
        other !== one &&
        (other.status === 'pending' || (other.status === 'resolved' && other.decided > one.decided)),
    );
    if (later) return false;
    if (added) this.#drop(added);
    if (existing && one.before && one.resolution !== 'reject') {
      const replacedBy = this.deals.some((deal) => deal.id === one.before!.replacedBy)
        ? one.before.replacedBy
        : null;
      Object.assign(existing, one.before, { version: existing.version + 1, replacedBy });
    }
    Object.assign(one, {
      status: 'pending',
      resolution: null,
      before: null,
      added: null,
      version: one.version + 1,
    });
    return true;
  }

  /** What the database has to hold of this lead, without its own numbers. */
  shape() {
    const place = (id: number | null) =>
      id === null ? null : this.deals.findIndex((deal) => deal.id === id);
    return {
      deals: this.deals.map((deal) => ({ ...deal, id: place(deal.id), replacedBy: place(deal.replacedBy) })),
      cases: this.cases.map((one) => ({ state: key(one.state), status: one.status, version: one.version })),
    };
  }
}

type Step =
  | { kind: 'upstream'; lead: number; to: Upstream | null }
  | { kind: 'pass' }
  | {
      kind: 'decide';
      lead: number;
      action: (typeof duplicateAction.options)[number];
      fields: DuplicateField[];
      stale: boolean;
    }
  | { kind: 'undo'; lead: number; back: number };

const leads = 3;
const lead = fc.nat(leads - 1);
const state = fc.record({
  agent: fc.constantFrom(...agents),
  day: fc.constantFrom(...days),
  commission: fc.constantFrom(...commissions),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('upstream' as const), lead, to: state }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('upstream' as const), lead, to: fc.constant(null) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('pass' as const) }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      lead,
      action: fc.constantFrom(...duplicateAction.options),
      fields: fc.subarray([...duplicateField.options], { minLength: 1 }),
      stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('undo' as const), lead, back: fc.nat(1) }) },
);

class History {
  readonly leads = Array.from({ length: leads }, () => new Lead());
  readonly #at: PassOffice;
  readonly tally = { decided: 0, undone: 0, refused: 0 };

  constructor(at: PassOffice) {
    this.#at = at;
    // Enough that never changes, so that the brake has something to measure by.
    at.vendor.state.addLeads(20, () => ({}));
  }

  async play(steps: readonly Step[]): Promise<void> {
    for (const next of steps) {
      this.#at.pass(minute);
      if (next.kind === 'upstream') this.#change(next.lead, next.to);
      else if (next.kind === 'pass') await this.#pass();
      else if (next.kind === 'decide') await this.#decide(next);
      else await this.#undo(next);
      await this.#compare(JSON.stringify(next));
    }
    await this.#pass();
    await this.#pass();
    await this.#compare('the end');
    expect(await this.#at.window()).toMatchObject({ inserted: 0, updated: 0, removed: 0, complete: true });
    expect(await verifyAudit(this.#at.database)).toMatchObject({ ok: true });
  }

  #change(at: number, to: Upstream | null): void {
    const { state: vendor } = this.#at.vendor;
    const id = idOf(at);
    const one = this.leads[at]!;
    if (to === null) {
      if (one.upstream) vendor.patchLead(id, { status: 'notInterested' });
    } else {
      if (!vendor.leads.get(id)) vendor.addLead({ id });
      vendor.patchLead(id, {
        status: 'success',
        agentId: to.agent,
        orderDate: to.day,
        commission: to.commission,
        multiDeals: '1',
      });
    }
    one.upstream = to;
  }

  async #pass(): Promise<void> {
    expect(await this.#at.window()).toMatchObject({ complete: true, waiting: 0, removalsHeld: false });
    for (const one of this.leads) one.pass();
  }

  async #decide(next: Extract<Step, { kind: 'decide' }>): Promise<void> {
    const waiting = [...this.leads.keys()].filter((index) => this.leads[index]!.open);
    if (waiting.length === 0) return;
    const lead = waiting[next.lead % waiting.length]!;
    const model = this.leads[lead]!;
    const open = model.open!;
    const stored = await this.#storedCase(lead, open.id);
    const version = open.version - (next.stale ? 1 : 0);
    const choice = { id: stored.id, version, action: next.action };
    const allowed = !next.stale && model.decide(open, next.action, next.fields);
    const fields = next.action === 'merge' ? { fields: next.fields } : {};
    await this.#expect(allowed, resolveDuplicate(decider(this.#at), { ...choice, ...fields }), 'decided');
  }

  async #undo(next: Extract<Step, { kind: 'undo' }>): Promise<void> {
    const touched = [...this.leads.keys()].filter((index) => this.leads[index]!.cases.length > 0);
    if (touched.length === 0) return;
    const lead = touched[next.lead % touched.length]!;
    const model = this.leads[lead]!;
    const closed = model.cases.filter((one) => one.status !== 'pending');
    const one = closed.at(-1 - next.back) ?? model.cases.at(-1)!;
    const stored = await this.#storedCase(lead, one.id);
    const { version } = one;
    const allowed = model.undo(one);
    await this.#expect(allowed, undoDuplicate(decider(this.#at), { id: stored.id, version }), 'undone');
  }

  async #expect(allowed: boolean, work: Promise<unknown>, as: 'decided' | 'undone'): Promise<void> {
    if (allowed) {
      await work;
      this.tally[as] += 1;
      return;
    }
    const error: unknown = await work.then(
      () => null,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(OpsdeckError);
    expect(['CONFLICT', 'BAD_REQUEST']).toContain((error as OpsdeckError).code);
    this.tally.refused += 1;
  }

  /** Cases of a lead are numbered from one, as the model does. */
  async #storedCase(at: number, nth: number): Promise<{ id: number }> {
    const rows = await this.#at.rows<{ id: number }>(
      'select id from pending_duplicates where lead_id = $1 order by id offset $2 limit 1',
      [String(idOf(at)), nth - 1],
    );
    return rows[0]!;
  }

  async #compare(after: string): Promise<void> {
    for (const [at, model] of this.leads.entries()) {
      const shape = await this.#stored(at);
      expect(shape, `lead ${at} after ${after}`).toEqual(model.shape());
    }
  }

  async #stored(at: number) {
    const values = [String(idOf(at))];
    const deals = await this.#at.rows<Deal & Record<string, unknown>>(
      `select user_id as agent, to_char(order_date at time zone 'Europe/Stockholm', 'YYYY-MM-DD') as day, commission,
              id, follows, not is_duplicate as counts, replaced_by as "replacedBy", version
         from deals where lead_id = $1 order by id`,
      values,
    );
    const place = (id: number | null) => (id === null ? null : deals.findIndex((deal) => deal.id === id));
    const cases = await this.#at.rows<{ state: string; status: string; version: number }>(
      `select concat_ws(' ', new_user_id, to_char(new_order_date at time zone 'Europe/Stockholm', 'YYYY-MM-DD'),
                        new_commission) as state, status, version
         from pending_duplicates where lead_id = $1 order by id`,
      values,
    );
    return {
      deals: deals.map((deal) => ({ ...deal, id: place(deal.id), replacedBy: place(deal.replacedBy) })),
      cases,
    };
  }
}

const idOf = (at: number) => 910_000_000 + at;

describe('histories of decisions', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('end as the rules say, whatever upstream did and whoever took what back', async () => {
    const seed = Number(process.env['OPSDECK_SEED'] ?? Date.now() % 1_000_000);
    const total = { decided: 0, undone: 0, refused: 0 };
    const histories = fc.asyncProperty(
      fc.array(step, { minLength: 30, maxLength: 60, size: 'max' }),
      async (steps) => {
        const office = await openPassOffice({}, database);
        const history = new History(office);
        try {
          await history.play(steps);
        } finally {
          for (const of of ['decided', 'undone', 'refused'] as const) total[of] += history.tally[of];
          await office.close();
          await database.query(
            `truncate deals, deal_history, pending_duplicates, rejected_records, held_removals, missing_leads, sync_runs,
                    sync_cursors, sync_permits, agents, campaigns, upstream_calls, upstream_accounts, system_health_logs cascade`,
          );
        }
      },
    );
    const found = await fc.check(histories, {
      seed,
      numRuns: Number(process.env['OPSDECK_RUNS'] ?? 12),
      endOnFailure: !process.env['OPSDECK_SHRINK'],
    });
    if (found.failed)
      throw new Error(`OPSDECK_SEED=${seed}: ${JSON.stringify(found.counterexample)}`, {
        cause: found.errorInstance,
      });
    for (const of of ['decided', 'undone', 'refused'] as const)
      expect(total[of], `${of}, OPSDECK_SEED=${seed}`).toBeGreaterThan(5);
  }, 180_000);
});
