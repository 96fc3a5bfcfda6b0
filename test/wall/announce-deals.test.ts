import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/shared/contract/changes.ts';
import type { WallCheers, WallTarget } from '../../src/shared/contract/wall-plan.ts';
import type { Clock } from '../../src/main/clock.ts';
import { silentLog } from '../../src/main/log.ts';
import { openDurableFile } from '../../src/main/storage/durable-file.ts';
import { createAnnouncer, type Announcer } from '../../src/main/wall/announce-deals.ts';
import { createPlingLedger } from '../../src/main/wall/pling-ledger-store.ts';
import type { PlingLedger } from '../../src/main/wall/pling-ledger.ts';
import type { Told, WallDeal } from '../../src/main/wall/plan-plings.ts';
import { wallDeal } from './wall-deals.ts';

/** Time that passes only when it is told to. */
function steppedClock() {
  let now = Date.parse('2026-11-22T09:00:00Z');
  let sleepers: { until: number; wake: () => void; signal: AbortSignal | undefined }[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    wall: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((wake, reject) => {
        sleepers.push({ until: now + ms, wake, signal });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
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
  return { clock, pass, sleeping: () => sleepers.length };
}

/** An office's deals of today, its change log, and a wall that is opened, closed and restarted. */
function openOffice(
  given: {
    openLedger?: () => PlingLedger;
    rules?: { cheers: WallCheers; target: WallTarget | null };
  } = {},
) {
  const time = steppedClock();
  const sqlite = openDurableFile(':memory:', 0).sqlite;
  const deals = new Map<number, WallDeal>();
  const told: Told[] = [];
  let seq = 0;
  let wall = 'office';
  let silent = false;
  const stored = () => ({ ...createPlingLedger(sqlite), close: () => {} });
  const start = () =>
    createAnnouncer({
      clock: time.clock,
      log: silentLog(),
      openLedger: given.openLedger ?? stored,
      today: () => deals,
      wall: () => wall,
      silent: () => silent,
      day: () => '2026-11-22',
      rules: () => given.rules ?? { cheers: { big: null, first: false, target: false }, target: null },
      celebrate: (celebration) => told.push(celebration),
    });
  let announcer: Announcer = start();
  const change = (data: { ids?: number[]; new?: number[] }, late = 0): Change => ({
    seq: (seq += 1),
    at: new Date(time.clock.wall() - late).toISOString(),
    kind: 'deals',
    data: {
      source: 'sync',
      runId: 1,
      inserted: data.new?.length ?? 0,
      updated: 0,
      removed: 0,
      ...(data.ids ? { ids: data.ids, removedIds: [] } : {}),
      new: data.new ?? [],
    },
  });
  return {
    ...time,
    sqlite,
    deals,
    told,
    announcer: () => announcer,
    restart() {
      announcer.close();
      announcer = start();
    },
    /** The program dies: nothing is closed or noted. */
    crash: () => (announcer = start()),
    name: (name: string) => (wall = name),
    mute: () => (silent = true),
    /** New deals are committed and told by the change log. */
    add(ids: number[], late = 0) {
      for (const id of ids) deals.set(id, wallDeal({ id }));
      announcer.take(change({ ids, new: ids }, late));
    },
    /** Deals are read while the database is away. */
    read(id: number, patch: Partial<WallDeal> = {}) {
      const isFresh = !deals.has(id);
      deals.set(id, wallDeal({ id, ...deals.get(id), ...patch }));
      announcer.spooled({ fresh: isFresh ? [id] : [], changed: isFresh ? [] : [id] });
    },
    /** One that was read is saved: its row has another id. */
    save(from: number, id: number) {
      const deal = deals.get(from)!;
      deals.delete(from);
      deals.set(id, { ...deal, id });
      announcer.take(change({ ids: [id], new: [id] }));
    },
    update(id: number, patch: Partial<WallDeal>) {
      deals.set(id, { ...deals.get(id)!, ...patch });
      announcer.take(change({ ids: [id] }));
    },
    bulk(ids: number[], fresh: number[]) {
      for (const id of ids) deals.set(id, wallDeal({ id }));
      announcer.take(change({ new: fresh }));
    },
    states: () => sqlite.prepare('select state from plings order by deal_id').pluck().all(),
  };
}

const kinds = (told: Told[]) => told.map(({ kind, count }) => `${kind} ${count}`);

describe('new deals', () => {
  it('are told once, a moment later and together with those that come meanwhile', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.add([1]);
    expect(office.told).toEqual([]);
    await office.pass(1_000);
    office.add([2]);
    await office.pass(600);
    expect(kinds(office.told)).toEqual(['burst 2']);
    await office.pass(60_000);
    expect(kinds(office.told)).toEqual(['burst 2']);
  });

  it('never follow one another faster than a celebration lasts', async () => {
    const office = openOffice();
    office.announcer().attend();
    for (let id = 1; id <= 9; id += 1) {
      office.add([id]);
      await office.pass(1_000);
    }
    await office.pass(10_000);
    expect(kinds(office.told)).toEqual(['burst 2', 'burst 4', 'burst 3']);
  });

  it('are a number when they are many, or were written long before they were heard', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.add([1]);
    await office.pass(10_000);
    office.add([2, 3, 4, 5, 6, 7]);
    await office.pass(10_000);
    office.add([8, 9], 20 * 60_000);
    await office.pass(10_000);
    expect(kinds(office.told)).toEqual(['pling 1', 'summary 6', 'summary 2']);
    expect(office.told[2]?.since).not.toBeNull();
  });

  it('that are gone before they are told make no sound', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.add([1]);
    office.deals.delete(1);
    await office.pass(60_000);
    expect(office.told).toEqual([]);
    expect(office.sleeping()).toBe(1);
  });

  it('of a day that begins a moment later here are waited for', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.add([1]);
    const early = office.deals.get(1)!;
    office.deals.delete(1);
    await office.pass(5_000);
    office.deals.set(1, early);
    office.announcer().newDay();
    await office.pass(5_000);
    expect(kinds(office.told)).toEqual(['pling 1']);
  });

  it('are written down before they are told, silent ones as such', async () => {
    const office = openOffice();
    office.mute();
    office.announcer().attend();
    office.add([1]);
    await office.pass(2_000);
    expect(office.told[0]).toMatchObject({ kind: 'pling', silent: true });
    expect(office.states()).toEqual(['muted']);
  });
});

describe('the first deal of the day and the one that reaches its target', () => {
  const rules = {
    cheers: { big: null, first: true, target: true },
    target: { figure: 'deals', goal: 3 },
  } as const;
  const honours = (told: Told[]) => told.map((one) => one.honours.join());

  it('are honoured once a day, over a restart, a crash and a removal', async () => {
    const office = openOffice({ rules });
    office.announcer().attend();
    office.add([1]);
    await office.pass(10_000);
    office.add([2]);
    await office.pass(10_000);
    office.add([3]);
    await office.pass(10_000);
    expect(honours(office.told)).toEqual(['first', '', 'target']);
    for (const id of [1, 2, 3]) office.deals.delete(id);
    office.restart();
    office.announcer().attend();
    office.add([4]);
    await office.pass(10_000);
    office.crash();
    office.announcer().attend();
    office.add([5]);
    await office.pass(10_000);
    office.add([6]);
    await office.pass(10_000);
    expect(honours(office.told).slice(3)).toEqual(['', '', '']);
  });
});

describe('what is not new', () => {
  it('is what was there when a wall is opened for the first time, on any display', async () => {
    const office = openOffice();
    office.deals.set(1, wallDeal({ id: 1 }));
    office.announcer().attend();
    await office.pass(10_000);
    office.name('the other display');
    office.add([2]);
    await office.pass(10_000);
    expect(kinds(office.told)).toEqual(['pling 1']);
    office.name('office');
    office.add([3]);
    await office.pass(10_000);
    // Back on the first: what it missed is told as a number.
    expect(kinds(office.told)).toEqual(['pling 1', 'summary 2']);
  });

  it('is a deal whose order date, agent or amount was mended, now or after a restart', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.add([1]);
    await office.pass(5_000);
    office.deals.set(2, wallDeal({ id: 2 }));
    office.update(2, { orderDate: new Date('2026-11-22T05:00:00Z') });
    office.update(1, { orderDate: new Date('2026-11-22T06:00:00Z') });
    await office.pass(5_000);
    office.restart();
    office.announcer().attend();
    await office.pass(5_000);
    expect(kinds(office.told)).toEqual(['pling 1']);
  });

  it('is what a new day begins with', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.deals.set(1, wallDeal({ id: 1, orderDate: new Date('2026-11-23T09:00:00Z') }));
    office.announcer().newDay();
    office.restart();
    office.announcer().attend();
    await office.pass(5_000);
    expect(office.told).toEqual([]);
  });

  it('is a deal told when it was read with the database away, once it is saved, also by another order date', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.read(-1);
    office.read(-2);
    await office.pass(5_000);
    expect(kinds(office.told)).toEqual(['burst 2']);
    office.read(-2, { orderDate: new Date('2026-11-22T07:00:00Z'), commission: 9 });
    await office.pass(5_000);
    office.save(-1, 11);
    office.save(-2, 12);
    await office.pass(60_000);
    office.crash();
    office.announcer().attend();
    await office.pass(60_000);
    expect(kinds(office.told)).toEqual(['burst 2']);
  });

  it('is a deal told before the program died', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.add([1]);
    await office.pass(2_000);
    for (let times = 0; times < 5; times += 1) {
      office.crash();
      office.announcer().attend();
      await office.pass(5_000);
    }
    expect(kinds(office.told)).toEqual(['pling 1']);
  });
});

describe('what came while nobody listened', () => {
  it('is one number, with the time since when', async () => {
    const office = openOffice();
    office.announcer().attend();
    await office.pass(120_000);
    const left = office.clock.now();
    office.announcer().leave();
    await office.pass(3_600_000);
    office.add([1, 2, 3]);
    office.announcer().attend();
    await office.pass(5_000);
    expect(office.told).toMatchObject([{ kind: 'summary', count: 3, since: left.toISOString() }]);
  });

  it('is told when changes could not be told one by one', async () => {
    const office = openOffice();
    office.announcer().attend();
    office.bulk([1, 2, 3], [1, 2]);
    await office.pass(5_000);
    expect(kinds(office.told)).toEqual(['summary 3']);
    office.deals.set(9, wallDeal({ id: 9 }));
    office.announcer().catchUp();
    await office.pass(5_000);
    expect(kinds(office.told)).toEqual(['summary 3', 'summary 1']);
  });
});

describe('a ledger that fails', () => {
  it('is opened anew with all of today in it, and plinging goes on', async () => {
    let broken = false;
    let opened = 0;
    const sqlite = openDurableFile(':memory:', 0).sqlite;
    const office = openOffice({
      openLedger: () => {
        opened += 1;
        const file = createPlingLedger(sqlite);
        return {
          ...file,
          close: () => {},
          record: (...given) => {
            if (broken) throw new Error('disk I/O error');
            file.record(...given);
          },
        };
      },
    });
    office.announcer().attend();
    office.add([1]);
    await office.pass(5_000);
    broken = true;
    office.add([2]);
    await office.pass(5_000);
    office.add([3]);
    await office.pass(5_000);
    expect(kinds(office.told)).toEqual(['pling 1', 'pling 1', 'pling 1']);
    expect(opened).toBe(2);
  });

  it('and cannot be opened at all is stood in for by the program’s memory', async () => {
    const office = openOffice({
      openLedger: () => {
        throw new Error('no such module');
      },
    });
    office.deals.set(1, wallDeal({ id: 1 }));
    office.announcer().attend();
    office.add([2]);
    await office.pass(5_000);
    office.update(2, { commission: 5 });
    office.announcer().leave();
    office.announcer().attend();
    await office.pass(5_000);
    expect(kinds(office.told)).toEqual(['pling 1']);
  });
});

/* Any history of deals, restarts, crashes, resyncs and displays. */
type Step =
  | { do: 'add'; count: number }
  | { do: 'unheard'; count: number }
  | { do: 'mend'; which: number }
  | { do: 'again'; which: number }
  | { do: 'remove'; which: number }
  | { do: 'pass'; ms: number }
  | { do: 'restart' | 'crash' | 'leave' | 'attend' | 'reload' | 'resync' };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 8 }) }),
  },
  fc.record({ do: fc.constant('unheard' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ do: fc.constantFrom('mend' as const, 'again' as const, 'remove' as const), which: fc.nat(30) }),
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 9_000 }) }),
  },
  fc.record({
    do: fc.constantFrom(
      'restart' as const,
      'crash' as const,
      'leave' as const,
      'attend' as const,
      'reload' as const,
      'resync' as const,
    ),
  }),
);

/** Plays a history and answers how often each order was celebrated, and which were on the board at the end. */
async function play(steps: readonly Step[], openLedger?: () => PlingLedger) {
  const office = openOffice(openLedger ? { openLedger } : {});
  office.announcer().attend();
  let next = 1;
  let row = 1_000;
  const pick = (which: number) => [...office.deals.keys()][which % Math.max(office.deals.size, 1)];
  const fresh = (count: number) => Array.from({ length: count }, () => next++);
  for (const one of steps) {
    const id = 'which' in one ? pick(one.which) : undefined;
    if (one.do === 'add') office.add(fresh(one.count));
    else if (one.do === 'unheard')
      for (const it of fresh(one.count)) office.deals.set(it, wallDeal({ id: it }));
    else if (one.do === 'pass') await office.pass(one.ms);
    else if (one.do === 'restart') office.restart();
    else if (one.do === 'crash') office.crash();
    else if (one.do === 'leave') office.announcer().leave();
    else if (one.do === 'attend') office.announcer().attend();
    else if (one.do === 'reload') office.announcer().catchUp();
    else if (one.do === 'mend' && id !== undefined) office.update(id, { commission: row });
    else if (one.do === 'remove' && id !== undefined) office.deals.delete(id);
    else if (one.do === 'again' && id !== undefined) {
      // Undone and decided again, or swapped in by a resync: the same order on another row, told as new.
      const deal = { ...office.deals.get(id)!, id: (row += 1) };
      office.deals.delete(id);
      office.deals.set(deal.id, deal);
      office.announcer().take({
        seq: 1,
        at: office.clock.now().toISOString(),
        kind: 'deals',
        data: {
          source: 'decision',
          runId: null,
          inserted: 1,
          updated: 0,
          removed: 1,
          ids: [deal.id],
          removedIds: [id],
          new: [deal.id],
        },
      });
    } else if (one.do === 'resync') {
      for (const [old, deal] of [...office.deals]) {
        office.deals.delete(old);
        office.deals.set((row += 1), { ...deal, id: row });
      }
      office.bulk([], []);
    }
  }
  office.announcer().attend();
  // Whatever was not told one by one is, in the end.
  office.announcer().catchUp();
  await office.pass(60_000);
  return office;
}

describe('over any history', () => {
  it('no order is written down twice, and none that is left on the board is forgotten', async () => {
    const seed = Number(process.env['OPSDECK_TEST_SEED'] ?? 20261122);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const office = await play(steps);
        const celebrated = office.told.reduce((sum, { count }) => sum + count, 0);
        const written = office.sqlite
          .prepare<[], { lead: string }>("select lead_id as lead from plings where state <> 'seeded'")
          .all();
        expect(new Set(written.map(({ lead }) => lead)).size).toBe(written.length);
        // Told exactly as often as written: each order once.
        expect(celebrated).toBe(written.length);
        const known = createPlingLedger(office.sqlite);
        for (const deal of office.deals.values()) expect(known.knows('office', deal)).toBe(true);
      }),
      { seed, numRuns: 150 },
    );
  }, 120_000);

  it('a wall that trusts the change log alone does tell some twice', async () => {
    const forgetful = (): PlingLedger => ({
      attendedAt: () => new Date(0),
      attend: () => {},
      knows: () => false,
      record: () => {},
      prune: () => {},
      close: () => {},
    });
    const office = await play(
      [
        { do: 'add', count: 1 },
        { do: 'pass', ms: 5_000 },
        { do: 'restart' },
        { do: 'attend' },
        { do: 'pass', ms: 5_000 },
      ],
      forgetful,
    );
    expect(office.told.length).toBeGreaterThan(1);
  });
});
