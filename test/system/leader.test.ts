import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemClock, type Clock } from '../../src/main/clock.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { startLeader, type Leader, type LeaderDeps, type LeaderState } from '../../src/main/system/leader.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const clock = systemClock();
const quick = { ttlMs: 900, renewMs: 200, marginMs: 200 };
let database: TestDatabase;
let started: Leader[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  await database.query('update leader_lease set process_id = null, expires_at = null; truncate processes');
});
afterEach(async () => {
  await Promise.all(started.map((leader) => leader.close()));
  started = [];
});
afterAll(() => database.drop());

function start(over: Partial<LeaderDeps> = {}, onChange: (state: LeaderState) => void = () => {}) {
  const leader = startLeader({ database, clock, processId: randomUUID(), ...quick, ...over }, { onChange });
  started.push(leader);
  return leader;
}

async function until(condition: () => boolean, withinMs = 10_000) {
  const start = clock.monotonic();
  while (!condition()) {
    if (clock.monotonic() - start > withinMs) throw new Error('did not happen in time');
    await clock.sleep(5);
  }
  return clock.monotonic() - start;
}

/** The real clock, with a wall that the test can set. */
function settableClock() {
  let shift = 0;
  return { ...clock, wall: () => clock.wall() + shift, jump: (ms: number) => (shift += ms) };
}

test('of many that start at once one leads, and the others know which', async () => {
  const processId = randomUUID();
  await database.query(
    `insert into processes (id, kind, host, pid, version) values ($1, 'agent', 'north', 1, '1')`,
    [processId],
  );
  const first = start({ processId });
  await until(() => first.isLeader());
  const others = [start(), start(), start()];
  await until(() => others.every((other) => JSON.stringify(other.state()).includes('north')));
  expect(others.map((other) => other.isLeader())).toEqual([false, false, false]);
  expect(others[0]!.state()).toEqual({
    kind: 'follower',
    leader: { processId, host: 'north', kind: 'agent' },
  });
  expect(first.state()).toEqual({ kind: 'leader', term: first.term() });
});

test('a resigned leader is followed at once, with a higher term', async () => {
  const slow = { ttlMs: 60_000, renewMs: 20_000, marginMs: 1_000 };
  const first = start(slow);
  await until(() => first.isLeader());
  const term = first.term()!;
  const second = start(slow);
  await until(
    () => second.state().kind === 'follower' && JSON.stringify(second.state()).includes('processId'),
  );
  // Lets the second's own listening get through, as after any start.
  await clock.sleep(200);
  await first.close();
  expect(first.isLeader()).toBe(false);
  expect(await until(() => second.isLeader())).toBeLessThan(2_000);
  expect(second.term()).toBeGreaterThan(term);
});

test('a killed leader is replaced as soon as its lease has run out', async () => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'leader-process.ts'), database.url, randomUUID()],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface({ input: child.stdout })) if (line === 'leader') break;
  const second = start({ ttlMs: 2_000, renewMs: 5_000 });
  await clock.sleep(300);
  expect(second.isLeader()).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'close');
  // The lease of 2 s, and little of the pause of 5 s.
  expect(await until(() => second.isLeader())).toBeLessThan(2_600);
});

test('a wall clock that jumped ends trust at the very next question, before anything else ran', async () => {
  const jumping = settableClock();
  const states: string[] = [];
  const leader = start({ clock: jumping, ttlMs: 15_000, renewMs: 5_000 }, (state) => states.push(state.kind));
  await until(() => leader.isLeader());
  const term = leader.term()!;
  jumping.jump(20_000);
  expect(leader.isLeader()).toBe(false);
  expect(leader.term()).toBeNull();
  expect(leader.state().kind).toBe('follower');
  await until(() => leader.isLeader());
  expect(leader.term()).toBeGreaterThan(term);
  jumping.jump(-20_000);
  expect(leader.isLeader()).toBe(false);
  await until(() => leader.isLeader());
  expect(states).toEqual(['follower', 'leader', 'follower', 'leader', 'follower', 'leader']);
});

test('leadership is dropped on suspend, left to others, and asked for anew on resume', async () => {
  const first = start();
  await until(() => first.isLeader());
  const second = start();
  await clock.sleep(100);
  first.suspend();
  expect(first.isLeader()).toBe(false);
  await until(() => second.isLeader());
  first.resume();
  await clock.sleep(100);
  expect(first.isLeader()).toBe(false);
  second.suspend();
  await until(() => first.isLeader());
});

test.each(['fail', 'hang'])(
  'a leader whose renewals %s stops leading before its lease runs out',
  async (how) => {
    let cut = false;
    const query: Database['query'] = (sql, values) => {
      if (!cut) return database.query(sql, values);
      return how === 'fail' ? Promise.reject(new Error('away')) : new Promise(() => {});
    };
    const leader = start({ database: { ...database, query } });
    await until(() => leader.isLeader());
    cut = true;
    await until(() => !leader.isLeader());
    const lease = await database.query<{ left: number }>(
      'select extract(epoch from expires_at - clock_timestamp())::float8 as left from leader_lease',
    );
    expect(lease.rows[0]!.left).toBeGreaterThan(0);
  },
);

test('a renewal whose answer was slow is trusted from when it was asked for', async () => {
  let renewals = 0;
  const query: Database['query'] = async (sql, values) => {
    if (!sql.includes('set renewed_at')) return database.query(sql, values);
    if (++renewals > 1) throw new Error('away');
    const answer = await database.query(sql, values);
    await clock.sleep(450);
    return answer as never;
  };
  const leader = start({ database: { ...database, query } });
  await until(() => renewals > 1);
  await until(() => !leader.isLeader());
  const lease = await database.query<{ left: number }>(
    'select extract(epoch from expires_at - clock_timestamp())::float8 as left from leader_lease',
  );
  expect(lease.rows[0]!.left).toBeGreaterThan(0);
});

test('an answer that comes too late earns no trust', async () => {
  const query: Database['query'] = async (sql, values) => {
    const answer = await database.query(sql, values);
    if (sql.includes('term = term + 1')) await clock.sleep(800);
    return answer as never;
  };
  const leader = start({ database: { ...database, query } });
  for (let i = 0; i < 300; i++) {
    expect(leader.isLeader()).toBe(false);
    await clock.sleep(5);
  }
});

/** Five processes, faults at random instants; answers how often two led at once, and how many terms there were. */
async function play(seconds: number, marginMs: number) {
  const faults = { none: 0, late: 0, lost: 0, hang: 0 };
  const players = Array.from({ length: 5 }, () => {
    let fault: keyof typeof faults = 'none';
    const query: Database['query'] = async (sql, values) => {
      if (fault === 'lost') throw new Error('away');
      if (fault === 'hang') await clock.sleep(Math.random() * 1_500);
      const answer = await database.query(sql, values);
      if (fault === 'late') await clock.sleep(Math.random() * 1_500);
      return answer as never;
    };
    const own: Clock & { jump(ms: number): number } = settableClock();
    const leader = start({
      database: { ...database, query },
      clock: own,
      ttlMs: 500,
      renewMs: 100,
      marginMs,
    });
    return { leader, own, set: (next: keyof typeof faults) => faults[(fault = next)]++ };
  });
  let doubles = 0;
  let asleep: Leader | undefined;
  const terms = new Set<number>();
  const end = clock.monotonic() + seconds * 1_000;
  for (let step = 0; clock.monotonic() < end; step++) {
    const leading = players.filter(({ leader }) => leader.isLeader());
    if (leading.length > 1) doubles++;
    for (const { leader } of leading) terms.add(leader.term()!);
    // Half of what happens, happens to whoever leads.
    const any = players[Math.floor(Math.random() * players.length)]!;
    const one = players.find(({ leader }) => leader.isLeader() && Math.random() < 0.5) ?? any;
    if (step % 50 === 0)
      one.set((['none', 'none', 'late', 'lost', 'hang'] as const)[Math.floor(Math.random() * 5)]!);
    if (step % 170 === 0) one.own.jump(Math.random() * 600);
    if (step % 290 === 0) (asleep ??= one.leader).suspend();
    if (step % 290 === 70) {
      asleep?.resume();
      asleep = undefined;
    }
    await clock.sleep(2);
  }
  players.forEach(({ set }) => set('none'));
  return { doubles, terms: terms.size, faults };
}

test('whatever fails, two never lead at one instant', async () => {
  const played = await play(6, 100);
  console.info('leader game:', JSON.stringify(played));
  expect(played.doubles).toBe(0);
  expect(played.terms).toBeGreaterThan(3);
});

test('…while leaders that trust their lease for longer than it lasts do', async () => {
  const played = await play(6, -60_000);
  console.info('leader game without the end of trust:', JSON.stringify(played));
  expect(played.doubles).toBeGreaterThan(0);
});
