import { afterEach, describe, expect, it } from 'vitest';
import { planPasses } from '../src/main/deals/plan-passes.ts';
import { OpsdeckError } from '../src/main/errors.ts';
import { startSchedule, type Job, type Schedule } from '../src/main/schedule.ts';
import { createFakeClock, type FakeClock } from './support/fake-clock.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const plan = planPasses({
  dealPages: 5,
  smsPages: 3,
  dealsDeltaPages: 1,
  smsDeltaPages: 1,
  deltaSeconds: 160, // delta passes start every 120 s
});

let schedule: Schedule | undefined;
let running: FakeClock | undefined;
afterEach(async () => {
  const closing = schedule?.close();
  await running?.advance(10 * minute);
  await closing;
  schedule = undefined;
});

/** A schedule whose passes take `takesMs` and end as `outcome` says; remembers every start, in seconds. */
function start(
  options: {
    leads?: boolean;
    takesMs?: number;
    outcome?: (job: Job, count: number) => Error | null;
    complete?: (job: Job, count: number) => boolean;
    note?: (schedule: Schedule, wall: number) => void;
    isOn?: (name: string) => boolean;
  } = {},
) {
  const clock = (running = createFakeClock());
  const zero = clock.monotonic();
  const state = { leads: options.leads ?? true, atOnce: new Map<string, number>(), most: 0 };
  const starts: { name: string; at: number }[] = [];
  const startsOf = (name: string) => starts.filter((entry) => entry.name === name).map((entry) => entry.at);
  schedule = startSchedule({
    clock,
    mayRun: () => state.leads,
    ...(options.isOn ? { isOn: options.isOn } : {}),
    plan: () => plan,
    async run(job) {
      starts.push({ name: job.name, at: Math.round((clock.monotonic() - zero) / second) });
      const busy = (state.atOnce.get(job.source) ?? 0) + 1;
      state.atOnce.set(job.source, busy);
      state.most = Math.max(state.most, busy);
      try {
        await clock.sleep(options.takesMs ?? 0);
        const error = options.outcome?.(job, startsOf(job.name).length) ?? null;
        if (error) throw error;
        return { complete: options.complete?.(job, startsOf(job.name).length) ?? true };
      } finally {
        state.atOnce.set(job.source, (state.atOnce.get(job.source) ?? 1) - 1);
      }
    },
  });
  options.note?.(schedule, clock.wall());
  return { clock, state, starts, startsOf };
}

const failed = () => new OpsdeckError('UPSTREAM_FAILED', 'no');

describe('the schedule', () => {
  it('begins with window passes, which stand in for delta passes', async () => {
    const { clock, startsOf } = start();
    await clock.advance(10 * second);
    expect(startsOf('deals-window')).toEqual([0]);
    expect(startsOf('sms-window')).toEqual([0]);
    expect(startsOf('agents')).toEqual([0]);
    expect(startsOf('deals-delta')).toEqual([]);
    await clock.advance(16 * minute);
    // Every 4 minutes a window, and a delta 2 minutes after each.
    expect(startsOf('deals-window')).toEqual([0, 240, 480, 720, 960]);
    expect(startsOf('deals-delta')).toEqual([120, 360, 600, 840]);
    expect(startsOf('sms-window')).toEqual([0, 900]);
    expect(startsOf('agents')).toEqual([0]);
  });

  it('leaves out what a person switched off, and runs it soon after it is let go on', async () => {
    const off = new Set<string>(['deals-window', 'deals-delta', 'sms-window', 'sms-delta', 'agents']);
    const { clock, starts, startsOf } = start({ isOn: (name) => !off.has(name) });
    await clock.advance(30 * minute);
    expect(starts).toEqual([]);
    expect(schedule?.nextStart('deals', 'window')).toBeNull();
    off.delete('deals-delta');
    schedule?.wake();
    await clock.advance(1 * minute);
    expect(startsOf('deals-delta')).toEqual([1_800]);
    expect(starts).toHaveLength(1);
  });

  it('sees a removed deal within five minutes, whenever it was removed', async () => {
    const { clock, startsOf } = start({ takesMs: 20 * second });
    await clock.advance(2 * hour);
    const windows = startsOf('deals-window');
    const gaps = windows.slice(1).map((at, index) => at - windows[index]!);
    expect(Math.max(...gaps) + 20).toBeLessThanOrEqual(300);
    expect(windows.length).toBeGreaterThan(20);
  });

  it('runs one pass at a time for each source', async () => {
    const { clock, state, startsOf } = start({ takesMs: 3 * minute });
    await clock.advance(hour);
    expect(state.most).toBe(1);
    expect(startsOf('deals-window').length).toBeGreaterThan(8);
  });

  it('runs nothing while another leads, and begins when leadership comes', async () => {
    const { clock, state, starts } = start({ leads: false });
    await clock.advance(hour);
    expect(starts).toEqual([]);
    state.leads = true;
    schedule?.wake();
    await clock.advance(second);
    expect(starts.map((entry) => entry.name)).toEqual(['deals-window', 'sms-window', 'agents']);
    state.leads = false;
    await clock.advance(hour);
    expect(starts).toHaveLength(3);
  });

  it('tries a failed pass again after 15, 30, 60 … seconds, five minutes at most', async () => {
    const { clock, startsOf } = start({
      outcome: (job, count) => (job.name === 'deals-window' && count <= 8 ? failed() : null),
    });
    await clock.advance(25 * minute);
    const gaps = startsOf('deals-window').map((at, index, all) => at - (all[index - 1] ?? at));
    expect(gaps.slice(1, 9)).toEqual([15, 30, 60, 120, 240, 300, 300, 300]);
    // Delta passes go on meanwhile.
    expect(startsOf('deals-delta').length).toBeGreaterThan(4);
  });

  it('reads a moved list again after a fifth of its turn, not only at the next', async () => {
    const { clock, startsOf } = start({ complete: (job, count) => job.name !== 'deals-window' || count > 1 });
    await clock.advance(6 * minute);
    expect(startsOf('deals-window')).toEqual([0, 48, 288]);
  });

  it('goes back to its table after a failure was made good', async () => {
    const { clock, startsOf } = start({
      outcome: (job, count) => (job.name === 'deals-window' && count === 1 ? failed() : null),
    });
    await clock.advance(10 * minute);
    expect(startsOf('deals-window')).toEqual([0, 15, 255, 495]);
  });

  it('does not begin anew what a person cancelled', async () => {
    const { clock, startsOf } = start({
      outcome: (job, count) =>
        job.name === 'deals-window' && count === 1 ? new OpsdeckError('CANCELLED', 'stopped') : null,
    });
    await clock.advance(10 * minute);
    expect(startsOf('deals-window')).toEqual([0, 240, 480]);
  });

  it('asks for names that are refused once an hour at most', async () => {
    const { clock, startsOf } = start({ outcome: (job) => (job.name === 'agents' ? failed() : null) });
    await clock.advance(24 * hour);
    expect(startsOf('agents').length).toBeLessThan(35);
  });

  it('does not repeat after a restart what was just done', async () => {
    const { clock, startsOf } = start({
      note: (at, wall) => {
        at.note('deals', 'window', wall - 100 * second);
        at.note('sms', 'window', wall - 100 * second);
        at.note('agents', 'window', wall - hour);
      },
    });
    await clock.advance(10 * second);
    expect(startsOf('deals-window')).toEqual([]);
    await clock.advance(3 * minute);
    expect(startsOf('deals-delta')).toEqual([20]);
    expect(startsOf('deals-window')).toEqual([140]);
    expect(startsOf('agents')).toEqual([]);
  });

  it('makes up for a long sleep once, not for each start that was missed', async () => {
    const { clock, starts } = start();
    await clock.advance(minute);
    const before = starts.length;
    clock.setWall(clock.wall() + 8 * hour);
    await clock.advance(10 * second);
    expect(starts.slice(before).map((entry) => entry.name)).toEqual(['deals-window', 'sms-window']);
  });

  it.each([-5 * minute, -hour, -24 * hour, hour, 24 * hour, 10 * 365 * 24 * hour])(
    'keeps its pace when somebody sets the clock by %i ms',
    async (by) => {
      const { clock, startsOf } = start();
      await clock.advance(minute);
      clock.setWall(clock.wall() + by);
      await clock.advance(6 * minute);
      expect(startsOf('deals-window').length).toBeGreaterThanOrEqual(2);
      expect(startsOf('deals-window').length).toBeLessThanOrEqual(4);
    },
  );

  it('tries at once, when the database is back, what failed for want of it, and only that', async () => {
    const refused = (job: Job) =>
      job.source === 'deals'
        ? new OpsdeckError('DATABASE_AWAY', 'away')
        : new OpsdeckError('UPSTREAM_REFUSED', 'refused');
    const { clock, starts } = start({ outcome: refused });
    await clock.advance(4 * second);
    const before = starts.length;
    schedule?.databaseBack();
    await clock.advance(second);
    expect(starts.slice(before).map((entry) => entry.name)).toEqual(['deals-window']);
  });

  it('says when a job starts next, and nothing while another leads', async () => {
    const { clock, state } = start();
    await clock.advance(minute);
    expect(schedule?.nextStart('deals', 'delta')).toBe(clock.wall() + minute);
    expect(schedule?.nextStart('deals', 'window')).toBe(clock.wall() + 3 * minute);
    state.leads = false;
    expect(schedule?.nextStart('deals', 'window')).toBeNull();
  });

  it('ends when the pass under way ends', async () => {
    const { clock } = start({ takesMs: minute });
    await clock.advance(second);
    let closed = false;
    const closing = schedule?.close().then(() => (closed = true));
    await clock.advance(second);
    expect(closed).toBe(false);
    await clock.advance(minute);
    await closing;
    expect(closed).toBe(true);
  });
});
