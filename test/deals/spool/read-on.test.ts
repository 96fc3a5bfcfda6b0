import { describe, expect, it } from 'vitest';
import { officeDefaults } from '../../../src/shared/contract/settings.ts';
import type { AdversusClient, Page } from '../../../src/main/deals/adversus-client.ts';
import { startReader, type Reader } from '../../../src/main/deals/spool/read-on.ts';
import type { Spool } from '../../../src/main/deals/spool/spool.ts';
import type { SpooledPayload } from '../../../src/main/deals/spool/spooled-fact.ts';
import type { CallBudget } from '../../../src/main/upstream/call-budget.ts';
import { UpstreamError } from '../../../src/main/upstream/upstream-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../pass-office.ts';

const lead = (id: number, stamp = '2026-11-16T10:59:00Z') => ({
  id,
  status: 'success',
  lastContactedBy: 7,
  campaignId: 4,
  lastUpdatedTime: stamp,
  masterData: [],
  resultData: [],
});

/** A console that led, a vendor that answers what it is told to, and a spool in memory. */
function openReader(given: { known?: string[]; place?: boolean } = {}) {
  const clock = createFakeClock();
  const spooled: SpooledPayload[][] = [];
  const asked: { at: number; query: unknown }[] = [];
  let isAway = true;
  let led = true;
  let answer: () => unknown[] = () => [];
  let write: () => void = () => {};
  let reads = 0;
  const office = {
    clock,
    spooled,
    asked,
    reads: () => reads,
    say: (next: () => unknown[]) => (answer = next),
    breakDisk: (error: Error | null) => (write = () => void (error && raise(error))),
    set(state: { isAway?: boolean; led?: boolean }) {
      isAway = state.isAway ?? isAway;
      led = state.led ?? led;
      reader.wake();
    },
    reader: undefined as unknown as Reader,
  };
  const readPage = async (budget: CallBudget | undefined, query: unknown): Promise<Page> =>
    budget!.call(
      'delta',
      () => {
        asked.push({ at: clock.monotonic(), query });
        const records = answer();
        const meta = { page: 1, pageCount: 1, total: records.length, pageSize: 1_000 };
        return Promise.resolve({
          status: 200,
          value: { records, meta, updatedField: null },
        });
      },
      { timeoutMs: 60_000, maxWaitMs: 60_000, priority: 'schedule' },
    );
  const reader = startReader({
    clock,
    log: silentLog,
    spool: {
      add(readings: readonly SpooledPayload[]) {
        write();
        return spooled.push([...readings]);
      },
    } as unknown as Spool,
    mayRead: () => isAway && led,
    dueAt: () => clock.wall() + 10_000,
    deltaSeconds: () => 120,
    settings: () => ({ ...officeDefaults, adversusUser: 'a', adversusUrl: 'http://a' }),
    place: () =>
      given.place === false
        ? null
        : {
            cursor: new Date('2026-11-16T10:58:00Z'),
            stamps: new Map([['1', new Date('2026-11-16T10:59:00Z')]]),
            campaigns: new Map([['4', 'Fiber']]),
            leads: { has: (id) => (given.known ?? []).includes(id) },
            left: { leftHour: 900, leftMinute: 50, blockedUntil: null, blockedReason: null },
          },
    connect: (_settings, budget) => ({
      client: {
        readPage: (_resource: unknown, query: unknown) => readPage(budget, query),
      } as unknown as AdversusClient,
      calls: () => 0,
    }),
    onRead: () => void (reads += 1),
  });
  office.reader = reader;
  return office;
}

function raise(error: Error): never {
  throw error;
}

describe('reading on', () => {
  it('begins when the next read was due, goes on at the office’s pace and stops with the database back', async () => {
    const office = openReader({ known: ['2'] });
    office.say(() => [lead(1), lead(2), lead(3)]);
    office.reader.wake();
    await office.clock.advance(9_000);
    expect(office.asked).toEqual([]);
    await office.clock.advance(2_000);
    // Lead 1 is held as it is; lead 2 has a deal; lead 3 is new.
    expect(office.spooled.map((part) => part.map(({ fact, isNew }) => [fact.leadId, isNew]))).toEqual([
      [
        ['2', false],
        ['3', true],
      ],
    ]);
    expect(office.spooled[0]![0]).toMatchObject({ campaign: 'Fiber' });
    expect(office.reader.state()).toMatchObject({ failure: null });
    await office.clock.advance(240_000);
    expect(office.asked).toHaveLength(3);
    office.set({ isAway: false });
    expect(office.reader.state()).toBeNull();
    await office.clock.advance(600_000);
    expect(office.asked).toHaveLength(3);
    await office.reader.close();
  });

  it('a database that only restarts, a process that did not lead, and one that knows too little cost no call', async () => {
    const restarted = openReader();
    restarted.reader.wake();
    await restarted.clock.advance(3_000);
    restarted.set({ isAway: false });
    await restarted.clock.advance(300_000);
    const follower = openReader();
    follower.set({ led: false });
    await follower.clock.advance(300_000);
    const blind = openReader({ place: false });
    blind.reader.wake();
    await blind.clock.advance(300_000);
    expect([restarted, follower, blind].map(({ asked }) => asked.length)).toEqual([0, 0, 0]);
    await Promise.all([restarted, follower, blind].map(({ reader }) => reader.close()));
  });

  it('stops at once where another is heard to lead', async () => {
    const office = openReader();
    office.reader.wake();
    await office.clock.advance(11_000);
    office.set({ led: false });
    await office.clock.advance(300_000);
    expect(office.asked).toHaveLength(1);
    await office.reader.close();
  });

  it('waits five minutes after a refused sign-in, 15, 30, 60 … seconds after other failures, and says so', async () => {
    const office = openReader();
    office.say(() => raise(new UpstreamError('UPSTREAM_REFUSED', 'refused', { status: 401 })));
    office.reader.wake();
    await office.clock.advance(11_000);
    expect(office.reader.state()).toMatchObject({ failure: { code: 'UPSTREAM_REFUSED' } });
    await office.clock.advance(298_000);
    expect(office.asked).toHaveLength(1);
    office.say(() => raise(new UpstreamError('UPSTREAM_FAILED', '503', { status: 503, again: false })));
    await office.clock.advance(2_000);
    expect(office.asked).toHaveLength(2);
    await office.clock.advance(31_000);
    expect(office.asked).toHaveLength(3);
    office.say(() => []);
    await office.clock.advance(61_000);
    expect(office.reader.state()).toMatchObject({ failure: null });
    expect(office.reads()).toBe(4);
    await office.reader.close();
  });

  it('says when what was read cannot be kept, and reads the same range again', async () => {
    const office = openReader();
    office.say(() => [lead(3)]);
    office.breakDisk(new Error('database or disk is full'));
    office.reader.wake();
    await office.clock.advance(11_000);
    expect(office.reader.state()!.failure).toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('disk is full') as string,
    });
    office.breakDisk(null);
    await office.clock.advance(16_000);
    expect(office.spooled).toHaveLength(1);
    expect(office.asked[1]!.query).toEqual(office.asked[0]!.query);
    await office.reader.close();
  });
});
