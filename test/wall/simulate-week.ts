import type { Operations, OperationsEvent } from '../../src/main/operations.ts';
import type { Clock } from '../../src/main/clock.ts';
import { chooseDisplay, type DisplayFacts } from '../../src/main/electron/choose-display.ts';
import { judgePulse, lookEveryMs, stoodStill } from '../../src/main/electron/judge-pulse.ts';
import { silentLog } from '../../src/main/log.ts';
import { createWall, type Wall } from '../../src/main/wall/create-wall.ts';
import type { PlingLedger } from '../../src/main/wall/pling-ledger.ts';
import { consoleDefaults } from '../../src/shared/contract/system.ts';
import type { WallEvent } from '../../src/shared/contract/wall.ts';
import { judgeState } from '../../src/renderer/wall/judge-state.ts';

const minute = 60_000;
const day = 86_400_000;
/** Monday, 08:00 in UTC, which is this office's zone. */
const monday = Date.parse('2026-11-23T00:00:00Z');
const deltaSeconds = 120;

/** What happens to a wall in a week, in minutes from Monday's midnight. */
export interface Fate {
  /** The renderer's process dies. */
  kills: readonly number[];
  /** The renderer stands still until main ends it. */
  freezes: readonly number[];
  /** The program ends and is started again. */
  restarts: readonly number[];
  /** The machine sleeps for so many minutes. */
  sleeps: ReadonlyMap<number, number>;
  /** The database is away for so many minutes; what is sold meanwhile is told when it is back. */
  outages: ReadonlyMap<number, number>;
  /** No pass ends for so many minutes; the database answers. */
  silences: ReadonlyMap<number, number>;
  /** The wall's display is unplugged for so many minutes. */
  unplugged: ReadonlyMap<number, number>;
}

/** By what the wall's ledger is named: by the display that a person named, or naively by the one it is shown on. */
export type DisplayOf = 'named' | 'shown';

const desk: DisplayFacts = { label: 'Desk', x: 0, y: 0, width: 1920, height: 1080, primary: true };
const tv: DisplayFacts = { label: 'TV', x: 1920, y: 0, width: 3840, height: 2160, primary: false };

/** How the age of the board is told: by its last pass, or naively by when it was fetched. */
export type AgeOf = 'pass' | 'fetch';

/** What a week showed. */
export interface Week {
  sold: number;
  /** Sum of all that was celebrated, and how often each single deal was told by its name. */
  told: number;
  fanfares: number;
  /** Minutes in which the page showed an old board, and those in which it did not say so. */
  stale: number;
  lies: string[];
  /** Minutes in which the wall stood on another display although its own was there. */
  displaced: number;
  /** Longest time between a freeze and the page's next sign of life, in ms. */
  slowestRecovery: number;
}

/** Plays a week of wall time: a deal a minute from nine to five, and what befalls the wall. */
export async function simulateWeek(
  fate: Fate,
  openLedger: () => PlingLedger,
  naive: { ageOf?: AgeOf; displayOf?: DisplayOf } = {},
): Promise<Week> {
  const { ageOf = 'pass', displayOf = 'named' } = naive;
  const time = steppedTime(monday);
  const office = openOffice(time.clock, ageOf);
  const week: Week = { sold: 0, told: 0, fanfares: 0, stale: 0, lies: [], displaced: 0, slowestRecovery: 0 };
  const plugs = openPlugs(displayOf);
  let wall = startWall(office, time.clock, openLedger, plugs.wanted);
  let page = openPage(wall, time.clock, week);
  let asleepUntil = -1;
  let awayUntil = -1;
  let silentUntil = -1;
  let pluggedAt = -1;
  let frozenAt: number | null = null;

  const reopen = async () => {
    await page.close();
    page = openPage(wall, time.clock, week);
  };
  for (let now = 0; now < 7 * 24 * 60; now += 1) {
    const hour = Math.floor(now / 60) % 24;
    office.turnDay();
    if (fate.sleeps.has(now)) asleepUntil = now + fate.sleeps.get(now)!;
    if (fate.outages.has(now)) {
      awayUntil = now + fate.outages.get(now)!;
      office.leave();
    }
    if (fate.silences.has(now)) silentUntil = now + fate.silences.get(now)!;
    const hears = now >= asleepUntil && now >= awayUntil && now >= silentUntil;
    if (now === awayUntil) office.comeBack();
    if (fate.unplugged.has(now)) {
      pluggedAt = now + fate.unplugged.get(now)!;
      plugs.put([desk]);
    }
    if (now === pluggedAt) plugs.put([desk, tv]);
    if (now >= pluggedAt && plugs.shown().label !== tv.label) week.displaced += 1;
    if (hour >= 9 && hour < 17) {
      office.sell();
      week.sold += 1;
    }
    if (hears) office.hear();
    if (now < asleepUntil) {
      // Nothing of this machine runs; its timers are due when it wakes.
      time.skip(minute);
      if (now === asleepUntil - 1) await time.pass(0);
      continue;
    }
    if (fate.kills.includes(now)) await reopen();
    if (fate.restarts.includes(now)) {
      await page.close();
      wall.close();
      wall = startWall(office, time.clock, openLedger, plugs.wanted);
      page = openPage(wall, time.clock, week);
    }
    if (fate.freezes.includes(now)) frozenAt = page.freeze();
    for (let passed = 0; passed < minute; passed += lookEveryMs) {
      await time.pass(lookEveryMs);
      if (!page.look()) continue;
      await reopen();
      if (frozenAt === null) throw new Error('A page that lived was ended');
      week.slowestRecovery = Math.max(week.slowestRecovery, time.clock.monotonic() - frozenAt);
      frozenAt = null;
    }
    if (frozenAt === null) await page.judge(office, `minute ${now}`);
  }
  await time.pass(10 * minute);
  await page.close();
  wall.close();
  return week;
}

/** Time that passes only when it is told to. */
function steppedTime(start: number) {
  let now = start;
  let sleepers: { until: number; wake: () => void; signal: AbortSignal | undefined }[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    wall: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((wake, reject) => {
        const abort = () => reject(signal?.reason as Error);
        const wakeUp = () => {
          signal?.removeEventListener('abort', abort);
          wake();
        };
        sleepers.push({ until: now + ms, wake: wakeUp, signal });
        signal?.addEventListener('abort', abort, { once: true });
      }),
  };
  async function pass(ms: number): Promise<void> {
    const end = now + ms;
    for (;;) {
      sleepers = sleepers.filter(({ signal }) => !signal?.aborted);
      const next = sleepers.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
      if (!next) break;
      sleepers.splice(sleepers.indexOf(next), 1);
      now = Math.max(now, next.until);
      next.wake();
      await new Promise((resolve) => setImmediate(resolve));
    }
    now = end;
  }
  return { clock, pass, skip: (ms: number) => (now += ms) };
}

type TodaysDeal =
  ReturnType<Operations['today']['deals']> extends ReadonlyMap<number, infer Deal> ? Deal : never;

type Office = ReturnType<typeof openOffice>;

/** The part of running operations that a wall sees: today in memory, the change log, the state of both ends. */
function openOffice(clock: Clock, ageOf: AgeOf) {
  const listeners = new Set<(event: OperationsEvent) => void>();
  const all: { id: number; at: Date }[] = [];
  /** By day. */
  const sold = new Map<string, number>();
  /** What this console has heard of. */
  let heard = 0;
  let today = new Map<number, TodaysDeal>();
  let date = dateOf(clock.wall());
  let awaySince: Date | null = null;
  let readAt = clock.now();
  let seq = 0;
  const tell = (event: OperationsEvent) => {
    for (const listener of listeners) listener(event);
  };
  const operations = {
    workspace: { kind: 'team', databaseLabel: 'office' },
    today: {
      today: () => ({
        day: date,
        timeZone: 'UTC',
        seq,
        deals: today.size,
        commission: 0,
        sms: 0,
        unsaved: 0,
        board: [],
      }),
      deals: () => today,
      agentName: (id: number) => `Agent ${id}`,
    },
    leader: { state: () => ({ kind: 'leader', term: 1 }) },
    plan: () => ({ deltaSeconds }),
    reading: null,
    settings: () => ({ timeZone: 'UTC' }),
    awaySince: () => awaySince,
    subscribe: (listener: (event: OperationsEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  } as unknown as Operations;

  return {
    operations,
    readAt: () => (ageOf === 'pass' ? readAt : clock.now()),
    /** When the oldest deal was sold that nobody here has heard of. */
    missingSince: () => all[heard]?.at ?? null,
    /** Deals of the office's day, whoever heard of them. */
    total: () => sold.get(dateOf(clock.wall())) ?? 0,
    turnDay() {
      if (dateOf(clock.wall()) === date) return;
      date = dateOf(clock.wall());
      today = new Map();
      tell({ type: 'day', day: date });
    },
    sell() {
      all.push({ id: all.length + 1, at: clock.now() });
      const on = dateOf(clock.wall());
      sold.set(on, (sold.get(on) ?? 0) + 1);
    },
    /** A pass and the change log bring what was sold since. */
    hear() {
      const fresh = all.slice(heard);
      heard = all.length;
      readAt = clock.now();
      if (fresh.length === 0) return;
      for (const { id, at } of fresh) {
        if (dateOf(at.getTime()) !== date) continue;
        today.set(id, {
          ...{ id, leadId: `lead ${id}`, userId: 901 + (id % 7), orderDate: at, campaign: null },
          ...{ commission: '1000.00', multiDeals: 1 },
        } as unknown as TodaysDeal);
        const data = { source: 'sync', runId: 1, inserted: 1, updated: 0, removed: 0 } as const;
        const change = { seq: (seq += 1), at: at.toISOString(), kind: 'deals' } as const;
        tell({
          type: 'change',
          change: { ...change, data: { ...data, ids: [id], removedIds: [], new: [id] } },
        });
      }
    },
    leave() {
      awaySince = clock.now();
      tell({ type: 'status' });
    },
    comeBack() {
      awaySince = null;
      tell({ type: 'status' });
    },
  };
}

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The displays of the machine, and the one on which the wall is. */
function openPlugs(displayOf: DisplayOf) {
  let displays: DisplayFacts[] = [desk, tv];
  const shown = () => displays[chooseDisplay(tv, displays).index]!;
  return {
    shown,
    wanted: () => (displayOf === 'named' ? tv : shown()),
    put: (now: DisplayFacts[]) => (displays = now),
  };
}

function startWall(
  office: Office,
  clock: Clock,
  openLedger: () => PlingLedger,
  display: () => DisplayFacts,
): Wall {
  return createWall({
    clock,
    log: silentLog(),
    settings: { get: () => ({ ...consoleDefaults, wallDisplay: display() }), onChange: () => () => {} },
    operations: () => Promise.resolve(office.operations),
    running: () => office.operations,
    onStarted: () => () => {},
    onFailed: () => () => {},
    kept: () => null,
    syncState: () =>
      Promise.resolve({
        upstream: { state: 'ok' },
        sources: [{ source: 'deals', last_complete_at: office.readAt().toISOString() }],
      } as never),
    openLedger,
    period: () => Promise.reject(new Error('not asked for')),
    waiting: () => Promise.reject(new Error('not asked for')),
    fair: () => Promise.reject(new Error('not asked for')),
    hideLast: () => 0,
    media: () => ({}),
  });
}

/** The wall's page: what it was told, what it shows, and its signs of life. */
function openPage(wall: Wall, clock: Clock, week: Week) {
  const end = new AbortController();
  let beatAt: number | null = clock.monotonic();
  let lookedAt: number | null = null;
  let excusedAt: number | null = null;
  let frozen = false;
  const loadedAt = clock.monotonic();
  const take = (event: WallEvent) => {
    if (event.type !== 'celebrate') return;
    week.told += event.celebration.count;
    if (event.celebration.kind !== 'summary') week.fanfares += 1;
  };
  const reading = (async () => {
    for await (const event of wall.changes(end.signal)) take(event);
  })();
  return {
    freeze: () => ((frozen = true), beatAt ?? loadedAt),
    /** Main looks at the page; true: it is silent and has to be ended. */
    look(): boolean {
      const now = clock.monotonic();
      if (stoodStill(lookedAt, now)) excusedAt = now;
      lookedAt = now;
      if (!frozen) beatAt = now;
      return judgePulse({ loadedAt, beatAt, excusedAt }, now) === 'silent';
    },
    /** Is what the page shows true, and does it say so where it is not? */
    async judge(office: Pick<Office, 'total' | 'missingSince'>, when: string): Promise<void> {
      const [board, state] = await Promise.all([wall.board(), wall.state()]);
      const truth = office.total();
      if (board.totals.deals === truth) return;
      week.stale += 1;
      const doubt = judgeState({ answered: true, state, now: clock.wall() });
      // It lacks a deal and neither says that something is wrong nor is told to be as old as it is.
      const missing = office.missingSince()?.getTime() ?? clock.wall();
      const claimsMore = state.read_at === null || Date.parse(state.read_at) > missing;
      if (doubt === null && claimsMore) week.lies.push(`${when}: ${board.totals.deals} of ${truth}`);
    },
    async close(): Promise<void> {
      end.abort();
      await reading;
    },
  };
}

export { day };
