import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { officeDefaults, type OfficeSettings } from '../../src/shared/contract/settings.ts';
import { systemClock, type Clock } from '../../src/main/clock.ts';
import { createAdversusClient } from '../../src/main/deals/adversus-client.ts';
import { decideHeld, type HeldResult } from '../../src/main/deals/decide-held.ts';
import { runPass, type PassDeps, type PassRequest, type PassResult } from '../../src/main/deals/run-pass.ts';
import type { Log } from '../../src/main/log.ts';
import {
  startAdversus,
  type AdversusOptions,
  type AdversusSandbox,
} from '../../src/main/sandbox/adversus/start-adversus.ts';
import { fieldIds, fieldLabels } from '../../src/main/sandbox/adversus/people.ts';
import type { Lead } from '../../src/main/sandbox/adversus/records.ts';
import type { LeadChange } from '../../src/main/sandbox/adversus/state.ts';
import { createSandboxClock, type SandboxClock } from '../../src/main/sandbox/sandbox-clock.ts';
import { adversusLimits, createCallBudget } from '../../src/main/upstream/call-budget.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

/** Noon in Stockholm on a Monday in the middle of a month: the window is 25 October to 30 November. */
export const NOON = '2026-11-16T11:00:00Z';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };

/** Business time that a test moves; timers stay real. */
export interface MovableClock extends Clock {
  set(instant: string | Date): void;
  advance(ms: number): void;
}

export function movableClock(start: string): MovableClock {
  let at = new Date(start);
  return {
    ...systemClock(),
    now: () => new Date(at),
    set: (instant) => (at = new Date(instant)),
    advance: (ms) => (at = new Date(at.getTime() + ms)),
  };
}

export type StoredDeal = {
  id: number;
  lead_id: string;
  user_id: number;
  campaign_id: string | null;
  commission: string | null;
  multi_deals: number;
  order_date: Date;
  order_date_source: string;
  status: string;
  notes: string[];
  follows: boolean;
  is_duplicate: boolean;
  replaced_by: number | null;
  upstream_updated_at: Date;
  removal_refused_at: Date | null;
  version: number;
};

export type StoredPending = {
  id: number;
  lead_id: string;
  new_user_id: number;
  new_commission: string | null;
  new_order_date: Date;
  new_data: Record<string, unknown>;
  state_key: string;
  reasons: string[];
  existing_deal_id: number | null;
  existing_data: Record<string, unknown> | null;
  new_deal_id: number | null;
  merged_fields: string[] | null;
  resolved_by: string | null;
  resolution_note: string | null;
  status: string;
  resolution: string | null;
  version: number;
};

export interface RunOptions {
  signal?: AbortSignal;
  trigger?: PassRequest['trigger'];
  waitMs?: number;
  onProgress?: PassRequest['onProgress'];
  days?: PassRequest['days'];
}

/** A simulated vendor, a database and the passes between them, as one office has them. */
export interface PassOffice {
  vendor: AdversusSandbox;
  vendorClock: SandboxClock;
  clock: MovableClock;
  database: TestDatabase;
  settings: OfficeSettings;
  deps: PassDeps;
  run(source: PassRequest['source'], kind?: PassRequest['kind'], options?: RunOptions): Promise<PassResult>;
  window(options?: RunOptions): Promise<PassResult>;
  delta(options?: RunOptions): Promise<PassResult>;
  decide(id: number, action: 'accept' | 'discard'): Promise<HeldResult>;
  /** Lets so much time pass for the office and the vendor. */
  pass(ms: number): void;
  deals(): Promise<StoredDeal[]>;
  deal(lead: Lead): Promise<StoredDeal | undefined>;
  pending(status?: string): Promise<StoredPending[]>;
  rows<Row extends Record<string, unknown>>(
    sql: string,
    values?: (string | number | Date | null)[],
  ): Promise<Row[]>;
  one<T>(sql: string, values?: (string | number | Date | null)[]): Promise<T>;
}

const roomy = { ...adversusLimits, perHour: 1_000_000, perMinute: 1_000_000, slotMarginMs: 1 };

/** Settings of an office that reads the simulated account. */
export function sandboxSettings(vendor: AdversusSandbox): OfficeSettings {
  return {
    ...officeDefaults,
    adversusUrl: vendor.url,
    adversusUser: vendor.user,
    commissionField: String(fieldIds.commission),
    multiDealsField: String(fieldIds.multiDeals),
    orderDateField: fieldLabels.orderDate,
  };
}

export interface OfficeOptions {
  now?: string;
  settings?: Partial<OfficeSettings>;
  vendor?: AdversusOptions;
}

/** Opens an office; both clocks stand still at `now`. */
export async function openPassOffice(
  options: OfficeOptions = {},
  database?: TestDatabase,
): Promise<PassOffice & { close(): Promise<void> }> {
  const now = options.now ?? NOON;
  const clock = movableClock(now);
  const vendorClock = createSandboxClock({ start: now, speed: 0 });
  const vendor = await startAdversus({
    clock: vendorClock,
    office: 'empty',
    limits: 'off',
    ...options.vendor,
  });
  const own = database ? null : await createTestDatabase();
  database = database ?? own!;
  const settings = { ...sandboxSettings(vendor), ...options.settings };
  const deps: PassDeps = {
    database,
    clock,
    log: silentLog,
    processId: '00000000-0000-4000-8000-000000000001',
    holder: 'test 1@here',
    readSettings: () => Promise.resolve(settings),
    connect: () => {
      let made = 0;
      const client = createAdversusClient({
        baseUrl: vendor.url,
        user: vendor.user,
        password: vendor.password,
        clock,
        updatedField: settings.updatedField,
        budget: createCallBudget({ database, clock, account: 'test', limits: roomy, pollMs: 10 }),
        patience: { tries: 2, baseMs: 2, capMs: 4, busyTries: 2, busyBaseMs: 2, busyCapMs: 4 },
        timeoutMs: 400,
        fetch: (url, init) => ((made += 1), globalThis.fetch(url, init)),
      });
      return { client, calls: () => made };
    },
  };
  const run: PassOffice['run'] = (source, kind = 'window', given = {}) =>
    runPass(deps, {
      source,
      kind,
      trigger: given.trigger ?? 'cli',
      signal: given.signal ?? new AbortController().signal,
      waitMs: given.waitMs ?? 10_000,
      ...(given.onProgress ? { onProgress: given.onProgress } : {}),
      ...(given.days ? { days: given.days } : {}),
    });
  const rows: PassOffice['rows'] = async (sql, values = []) =>
    (await database.query(sql, values)).rows as never;
  return {
    vendor,
    vendorClock,
    clock,
    database,
    settings,
    deps,
    run,
    window: (given) => run('deals', 'window', given),
    delta: (given) => run('deals', 'delta', given),
    decide: (id, action) =>
      decideHeld(
        deps,
        { id, action, actor: 'anna', console: 'test', note: null },
        { signal: new AbortController().signal, waitMs: 10_000, trigger: 'cli' },
      ),
    pass(ms) {
      clock.advance(ms);
      vendorClock.advance(ms);
    },
    deals: () => rows('select * from deals order by id'),
    deal: async (lead) =>
      (
        await rows<StoredDeal & Record<string, unknown>>(
          'select * from deals where lead_id = $1 and follows',
          [String(lead.id)],
        )
      )[0],
    pending: (status = 'pending') =>
      rows('select * from pending_duplicates where status = $1 order by id', [status]),
    rows,
    async one<T>(sql: string, values: (string | number | Date | null)[] = []) {
      const row = (await rows(sql, values))[0];
      return Object.values(row ?? {})[0] as T;
    },
    async close() {
      await vendor.close();
      await own?.drop();
    },
  };
}

/** An office opened before each test and closed after it; its database is emptied in between. */
export function usePassOffice(options: OfficeOptions = {}): { readonly it: PassOffice } {
  let database: TestDatabase;
  let open: (PassOffice & { close(): Promise<void> }) | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    open = await openPassOffice(options, database);
  });
  afterEach(async () => {
    await open?.close();
    open = undefined;
    await database.query(
      `truncate deals, deals_archive, duplicate_rules, applied_decisions, deal_history, sms_messages, pending_duplicates, rejected_records, held_removals, missing_leads,
                sync_runs, sync_cursors, sync_permits, agents, campaigns, upstream_calls, upstream_accounts,
                system_health_logs restart identity cascade`,
    );
    // As only a superuser can; numbers of cases begin anew, so their trail has to.
    await database.query(
      `alter table audit_log disable trigger user; truncate audit_log restart identity;
       update audit_head set hash = decode(repeat('00', 32), 'hex'); alter table audit_log enable trigger user`,
    );
  });
  return {
    get it() {
      if (!open) throw new Error('no office is open outside a test');
      return open;
    },
  };
}

/** Inserts n plain deals a minute apart, so that their stamps differ. */
export function addDeals(office: PassOffice, count: number): Lead[] {
  const now = office.vendorClock.now();
  return office.vendor.state.addLeads(count, (n) => ({ updatedAt: now - (count - n) * 60_000 }));
}

/** The vendor lists a removed lead again, as it was but for `change`. */
export function restore(office: PassOffice, lead: Lead, change: LeadChange = {}): void {
  const { id, agentId, commission, orderDate } = lead;
  const at = orderDate?.kind === 'instant' ? new Date(orderDate.at) : null;
  office.vendor.state.addLead({ id, agentId, commission, orderDate: at, ...change });
}
