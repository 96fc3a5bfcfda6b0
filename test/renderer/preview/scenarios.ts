import type { BoardView, FairFacts, TrendDay } from '../../../src/shared/contract/boards.ts';
import type { BoardRow, DealView, TodayView } from '../../../src/shared/contract/deals.ts';
import type {
  HeldDeal,
  HeldRemoval,
  RejectedRecord,
  SyncRun,
  SyncState,
} from '../../../src/shared/contract/sync.ts';

export const scenarios = [
  'empty',
  'ordinary',
  'three',
  'many',
  'long',
  'waiting',
  'away',
  'refused',
  'slow',
  'failing',
  'live',
  'syncing',
  'first',
  'raced',
  'refusing',
  'fair',
] as const;
export type Scenario = (typeof scenarios)[number];

/** True for the name of a scenario. */
export function isScenario(name: string): name is Scenario {
  return (scenarios as readonly string[]).includes(name);
}

const names = [
  'Erik Lindqvist',
  'Anna Bergström',
  'Johan Åkesson',
  'Fatima Al-Hassan',
  'Sara Nilsson',
  'Oskar Öberg',
  'Maja Lund',
  'Ali Rezai',
  'Elin Dahl',
  'Viktor Holm',
  'Linnéa Sjögren',
  'Nils Ek',
];
export const groups = ['Stockholm', 'Malmö', 'Kvällslaget'];
export const campaigns = ['Fiber Väst 2026', 'Mobil Företag', 'El Fastpris 3 år'];
/** Names as bad as they come. */
export const longNames = [
  'Maximiliana-Alexandrina von Hohenstein-Wittelsbach af Ugglas',
  '<script>alert("hej")</script><img src=x onerror=alert(1)>',
  '\u202Eעברית שם של סוכן מכירות בכיר מאוד מאוד ארוך\u202C',
  'محمد عبد الرحمن بن عبد العزيز آل سعود الطويل الاسم جدا',
  'A'.repeat(60),
];

/** Instants relative to the moment the page was opened. */
export function ago(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}

export function nameOf(index: number, scenario: Scenario): string {
  if (scenario === 'long') return longNames[index % longNames.length] ?? '';
  const name = names[index % names.length] ?? '';
  return index < names.length ? name : `${name} ${Math.floor(index / names.length) + 1}`;
}

export function makeDeal(id: number, seconds: number, scenario: Scenario): DealView {
  const agent = (id * 7) % (scenario === 'many' ? 200 : 12);
  return {
    id,
    lead_id: String(4_400_000 + id * 13),
    user_id: String(900 + agent),
    agent: nameOf(agent, scenario),
    group: groups[agent % 3] ?? null,
    campaign:
      id % 5 === 0
        ? null
        : scenario === 'long'
          ? 'Kampanj med ett väldigt långt namn för återkommande kunder i hela Norden'
          : (campaigns[id % 3] ?? null),
    commission: id % 6 === 0 ? null : id % 9 === 0 ? 1249.5 : 500 * (1 + (id % 9)),
    multi_deals: id % 7 === 0 ? 3 : 1,
    order_date: ago(seconds + 60),
    order_date_source: id % 4 === 0 ? 'fallback' : 'instant',
    notes: id % 4 === 0 ? ['order-date-missing'] : id % 11 === 0 ? ['multi-deals-unreadable'] : [],
    created_at: ago(seconds),
    synced_at: ago(seconds),
  };
}

function makeBoard(agents: number, scenario: Scenario): BoardRow[] {
  return Array.from({ length: agents }, (_, i) => {
    const deals = Math.max(0, Math.round((agents - i) * (agents > 50 ? 0.2 : 1.1)) - (i % 3));
    const sms = i % 5 === 4 ? 0 : 18 + ((i * 29) % 60);
    return {
      user_id: String(900 + i),
      name: nameOf(i, scenario),
      group: i % 7 === 6 ? null : (groups[i % 3] ?? null),
      deals,
      commission: deals * 1450 + (i % 4) * 250,
      sms,
      conversion: sms === 0 ? null : Math.round((deals / sms) * 10_000) / 10_000,
    };
  });
}

export function makeToday(scenario: Scenario, seq: number, fresh: readonly DealView[]): TodayView {
  const agents =
    scenario === 'empty' || scenario === 'first'
      ? 0
      : scenario === 'three'
        ? 3
        : scenario === 'many'
          ? 200
          : 12;
  const count = agents === 0 ? 0 : scenario === 'three' ? 3 : scenario === 'many' ? 200 : 64;
  const board = makeBoard(agents, scenario);
  const feed = [
    ...fresh,
    ...Array.from({ length: count }, (_, i) => ({
      ...makeDeal(1000 - i, 40 + i * i * 9, scenario),
      ...(scenario === 'away' && i < 3 ? { unsaved: true as const } : {}),
    })),
  ].slice(0, 200);
  const waits =
    scenario === 'many'
      ? 20_001
      : scenario === 'waiting'
        ? 21
        : scenario === 'ordinary' || scenario === 'live'
          ? 2
          : scenario === 'long'
            ? 9
            : 0;
  return {
    day: new Date().toISOString().slice(0, 10),
    time_zone: 'Europe/Stockholm',
    seq,
    unsaved: feed.filter((deal) => deal.unsaved).length,
    totals: {
      deals: board.reduce((sum, row) => sum + row.deals, 0) + fresh.length,
      commission: board.reduce((sum, row) => sum + row.commission, 0),
      sms: board.reduce((sum, row) => sum + row.sms, 0),
      waiting: waits,
    },
    board,
    feed,
  };
}

export function makeHeld(scenario: Scenario): HeldRemoval[] {
  if (scenario !== 'waiting' && scenario !== 'many' && scenario !== 'long') return [];
  const count = scenario === 'many' ? 10_000 : scenario === 'long' ? 3 : 124;
  return [
    {
      id: 7,
      source: 'deals',
      state: 'held',
      reason: scenario === 'many' ? 'empty' : 'share',
      count,
      of_deals: scenario === 'many' ? 10_000 : 2_410,
      range_start: ago(25 * 86_400),
      range_end: ago(-8 * 86_400),
      held_at: ago(1_900),
      updated_at: ago(140),
      removed: 0,
    },
  ];
}

/** The deals of the hold. */
export function makeHeldDeals(scenario: Scenario): HeldDeal[] {
  const count = makeHeld(scenario)[0]?.count ?? 0;
  return Array.from({ length: count }, (_, i) => ({
    lead_id: String(4_600_000 + i),
    user_id: String(900 + (i % 12)),
    agent: nameOf(i % 12, scenario),
    group: groups[i % 3] ?? null,
    campaign: i % 4 === 0 ? null : (campaigns[i % 3] ?? null),
    commission: i % 5 === 0 ? null : 3_000 + (i % 80) * 50,
    multi_deals: i % 9 === 0 ? 2 : 1,
    order_date: ago(86_400 * (1 + (i % 22)) + i * 60),
  }));
}

const reasons = ['no-agent', 'commission', 'order-date', 'bad-fields', 'updated', 'id'];

export function makeRejected(scenario: Scenario): RejectedRecord[] {
  const count = scenario === 'many' ? 10_000 : scenario === 'waiting' ? 6 : scenario === 'long' ? 3 : 0;
  return Array.from({ length: count }, (_, i) => ({
    source: i % 5 === 4 ? 'sms' : 'deals',
    key: i % 4 === 3 ? `sha256:${'9f3a'.repeat(16)}` : String(4_700_000 + i),
    reason: reasons[i % reasons.length] ?? 'id',
    detail: i % 3 === 0 ? null : i % 3 === 1 ? 'tolvhundra kr' : '2026-02-31',
    first_seen: ago(86_400 + i * 4000),
    last_seen: ago(90),
    times: 1 + i * 37,
  }));
}

export function makeRun(id: number, seconds: number, over: Partial<SyncRun>): SyncRun {
  return {
    id,
    source: 'deals',
    kind: 'delta',
    trigger: 'schedule',
    state: 'complete',
    started_at: ago(seconds),
    ended_at: ago(seconds - 2),
    pages: 1,
    calls: 1,
    inserted: 0,
    updated: 0,
    removed: 0,
    unchanged: 12,
    held: 0,
    rejected: 0,
    waiting: 0,
    shifted: false,
    error_code: null,
    error: null,
    ...over,
  };
}

export function makeRuns(scenario: Scenario): SyncRun[] {
  if (scenario === 'empty' || scenario === 'first') return [];
  return Array.from({ length: 100 }, (_, i) => {
    const id = 900 - i;
    const at = 20 + i * 118;
    if (i === 3)
      return makeRun(id, at, {
        state: 'failed',
        unchanged: 0,
        error_code: 'UPSTREAM_FAILED',
        error: 'Adversus answered 502 three times.',
      });
    if (i === 6)
      return makeRun(id, at, {
        kind: 'window',
        state: 'incomplete',
        shifted: true,
        inserted: 2,
        unchanged: 2_408,
        pages: 4,
        calls: 4,
        ended_at: ago(at - 9),
      });
    if (i === 9)
      return makeRun(id, at, { trigger: 'person', kind: 'window', state: 'cancelled', unchanged: 0 });
    if (i % 5 === 2)
      return makeRun(id, at, {
        kind: 'window',
        inserted: 1,
        updated: 3,
        removed: i % 2,
        held: 2,
        unchanged: 2_403,
        pages: 4,
        calls: 5,
        ended_at: ago(at - 11),
      });
    if (i % 4 === 1) return makeRun(id, at, { source: 'sms', inserted: 4 + i, unchanged: 31 });
    return makeRun(id, at, { inserted: i % 3, updated: i % 2 });
  });
}

export function makeSync(scenario: Scenario): SyncState {
  const fresh = scenario === 'first';
  const away = scenario === 'away';
  const last = fresh ? null : away ? ago(1_560) : scenario === 'refused' ? ago(900) : ago(42);
  const state =
    scenario === 'refused' ? 'refused' : fresh ? 'not-configured' : scenario === 'waiting' ? 'blocked' : 'ok';
  const tight = scenario === 'many' || scenario === 'waiting';
  return {
    upstream: {
      name: 'Adversus',
      configured: !fresh,
      sandbox: scenario !== 'many',
      state,
      message: scenario === 'refused' ? 'Adversus answered 401.' : null,
      since: scenario === 'refused' ? ago(880) : scenario === 'waiting' ? ago(30) : null,
    },
    budget: fresh
      ? null
      : {
          per_hour: 1000,
          per_minute: 60,
          left_hour: tight ? 118 : 794,
          left_minute: tight ? 4 : 57,
          in_flight: 0,
          forecast_hour: tight ? 1_040 : 212,
          blocked_until: scenario === 'waiting' ? ago(-95) : null,
        },
    sources: (['deals', 'sms', 'agents'] as const).map((source) => ({
      source,
      last_complete_at: away && source === 'deals' ? ago(70) : last,
      last_run: null,
      running: null,
      next_delta_at: fresh || scenario === 'long' || (away && source !== 'deals') ? null : ago(-78),
      next_window_at: fresh || away || scenario === 'long' ? null : ago(-204),
      stretched: tight && source === 'deals',
    })),
    retry_queue_length: away ? 3 : 0,
    reading_on: away,
  };
}

const dayMs = 86_400_000;
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The board of a period, reckoned in UTC: enough for looking at it. */
/** Marks of every kind, and last places that are not named, where the scenario is about them. */
export function makeFair(scenario: string): FairFacts {
  if (scenario !== 'fair' && scenario !== 'rookies')
    return { best: null, before: null, rookies: null, hide_last: 0 };
  return {
    best: { '900': 9, '902': 4, '903': 5, '906': 99 },
    before: { '903': { deals: 1, commission: 500 }, '904': { deals: 3, commission: 500 } },
    rookies: ['902', '903', '905', '907'],
    hide_last: 3,
  };
}

export function makeBoardView(scenario: Scenario, period: string): BoardView {
  const today = Date.parse(isoDay(Date.now()));
  const [from, to] = spanOf(period, today);
  const length = Math.round((to - from) / dayMs) + 1;
  const now = makeToday(scenario, 1, []);
  const agents = now.board.map((row) => ({
    ...row,
    deals: row.deals * Math.min(length, 5),
    commission: row.commission * Math.min(length, 5),
  }));
  const names = [...new Set(agents.flatMap((row) => (row.group === null ? [] : [row.group])))];
  const sum = (rows: readonly BoardRow[]) => {
    const deals = rows.reduce((total, row) => total + row.deals, 0);
    const sms = rows.reduce((total, row) => total + row.sms, 0);
    return {
      deals,
      commission: rows.reduce((total, row) => total + row.commission, 0),
      sms,
      conversion: sms === 0 ? null : deals / sms,
    };
  };
  const trend = (start: number): TrendDay[] =>
    Array.from({ length }, (_, n) => {
      const at = start + n * dayMs;
      const weekend = [0, 6].includes(new Date(at).getUTCDay());
      const nothing = agents.length === 0 || at > today;
      const deals = nothing
        ? 0
        : Math.max(0, Math.round((agents.length * 3 + ((n * 37) % 17)) * (weekend ? 0.15 : 1)));
      return { day: isoDay(at), deals, commission: deals * 1_475 };
    });
  const beside = (first: number, last: number): string => `${isoDay(first)}..${isoDay(last)}`;
  return {
    from: isoDay(from),
    to: isoDay(to),
    shape: period === 'month' ? 'month' : length === 7 ? 'week' : length === 1 ? 'day' : 'range',
    today: isoDay(today),
    time_zone: 'Europe/Stockholm',
    counted_at: ago(0),
    // In the scenario of three, reading began lately.
    known_from: scenario === 'three' ? isoDay(today - 20 * dayMs) : null,
    previous: beside(from - length * dayMs, from - dayMs),
    next: to + dayMs > today ? null : beside(to + dayMs, to + length * dayMs),
    agents: agents.sort((a, b) => b.deals - a.deals || b.commission - a.commission),
    groups: names
      .map((group) => {
        const of = agents.filter((row) => row.group === group);
        return { group, agents: of.length, ...sum(of) };
      })
      .sort((a, b) => b.deals - a.deals),
    totals: sum(agents),
    trend: trend(from),
    before: trend(from - length * dayMs),
  };
}

function spanOf(period: string, today: number): [number, number] {
  const date = new Date(today);
  if (period === 'today') return [today, today];
  if (period === 'week') {
    const monday = today - ((date.getUTCDay() + 6) % 7) * dayMs;
    return [monday, monday + 6 * dayMs];
  }
  if (period === 'month') {
    const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    return [first, Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)];
  }
  const [from = '', to = ''] = period.split('..');
  return [Date.parse(from), Date.parse(to)];
}
