import { describe, expect, test } from 'vitest';
import type { startAdversus, AdversusOptions } from '../../src/main/sandbox/adversus/start-adversus.ts';
import { officeAgents, testPhones } from '../../src/main/sandbox/adversus/people.ts';
import { createSandboxClock } from '../../src/main/sandbox/sandbox-clock.ts';
import { createZoneTime, placeInMonth } from '../../src/main/sandbox/zone-time.ts';
import { get } from './vendor-client.ts';
import { useSandbox } from './use-sandbox.ts';

const start = useSandbox();
const zone = createZoneTime('Europe/Stockholm');
const MINUTE = 60_000;

const office = (at: string, options: AdversusOptions = {}) =>
  start({ office: 'lively', clock: createSandboxClock({ start: at, speed: 0 }), ...options });

const todayOf = (instant: number) => zone.startOfDay(zone.dayOf(instant));
const windowOf = (instant: number) => zone.startOfDay(placeInMonth(zone.dayOf(instant)).firstDay - 7);

type Sandbox = Awaited<ReturnType<typeof startAdversus>>;

async function everything(sandbox: Sandbox): Promise<string> {
  const query = { includeMeta: 'true', pageSize: 1000, sortDirection: 'DESC' };
  const leads = await get(sandbox, '/leads', { ...query, sortProperty: 'lastUpdatedTime' });
  const first = await get(sandbox, '/sms', { ...query, sortProperty: 'timestamp' });
  const second = await get(sandbox, '/sms', { ...query, sortProperty: 'timestamp', page: 2 });
  return [leads, first, second].map((got) => got.text.replaceAll(sandbox.url, '')).join('\n');
}

// Ordinary days, 1 January, first and last days of months, both days on which the clocks change.
const days = [
  '2026-11-16',
  '2027-01-01',
  '2026-12-01',
  '2026-02-28',
  '2026-03-29',
  '2026-10-25',
  '2028-02-29',
  '2031-07-13',
];

describe.each(days)('on %s', (date) => {
  test('the window holds 70 to 400 deals, today some since shortly after midnight, and each oddity occurs', async () => {
    const sandbox = await office(`${date}T12:00:00Z`, { live: false });
    const now = sandbox.clock.now();
    const inWindow = sandbox.state.successes().filter((lead) => lead.updatedAt > windowOf(now));
    expect(inWindow.length).toBeGreaterThan(70);
    expect(inWindow.length).toBeLessThan(400);
    expect(inWindow.some((lead) => lead.agentId === null)).toBe(true);
    expect(inWindow.some((lead) => lead.commission === 'fråga Anna')).toBe(true);
    expect(inWindow.some((lead) => lead.multiDeals === '34Dentle Kallkund')).toBe(true);
    expect(inWindow.some((lead) => lead.orderDate === null)).toBe(true);
    expect(inWindow.some((lead) => lead.orderDateLabel !== 'Order date')).toBe(true);
    expect(inWindow.some((lead) => lead.campaignAs !== 'id')).toBe(true);
    const sold = new Set(inWindow.map((lead) => lead.agentId));
    expect(officeAgents.filter((agent) => sold.has(agent.id)).length).toBeGreaterThan(9);
  });

  test('at half past one at night today has deals and messages', async () => {
    const midnight = todayOf(Date.parse(`${date}T12:00:00Z`));
    const { state } = await office(new Date(midnight + 90 * MINUTE).toISOString(), { live: false });
    expect(state.successes().filter((lead) => lead.updatedAt > midnight).length).toBeGreaterThanOrEqual(2);
    expect(state.messages.all.filter((sms) => sms.timestamp > midnight).length).toBeGreaterThanOrEqual(4);
  });

  test('about forty messages a day, outbound and inbound, all numbers from the range set aside', async () => {
    const sandbox = await office(`${date}T22:30:00Z`, { live: false });
    const midnight = todayOf(sandbox.clock.now());
    const messages = sandbox.state.messages.all.filter(
      (sms) => sms.timestamp >= midnight - 3 * 24 * 60 * MINUTE && sms.timestamp < midnight,
    );
    expect(messages.length).toBeGreaterThan(95);
    expect(messages.length).toBeLessThan(145);
    expect(new Set(messages.map((sms) => sms.type))).toEqual(new Set(['outbound', 'inbound']));
    expect(messages.filter((sms) => sms.status === 'delivered').length).toBeGreaterThan(50);
    for (const sms of messages)
      expect(testPhones).toContain(sms.type === 'inbound' ? sms.sender : sms.receiver);
  });
});

test('no event of a day lies before its midnight, and ids are nine digits and unique', async () => {
  const sandbox = await office('2026-12-31T22:59:59.999Z');
  const { state } = sandbox;
  const ids = state.leads.all.map((lead) => lead.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^\d{9}$/.test(String(id)))).toBe(true);
  expect(state.leads.all.every((lead) => lead.updatedAt <= sandbox.clock.now())).toBe(true);
  const first = Math.min(...state.leads.all.map((lead) => lead.updatedAt));
  expect(new Date(first).toISOString().slice(0, 10)).toMatch(/^2026-(10-31|11-01)$/);
});

test('two sandboxes of one seed and clock answer the same bytes, of another seed others', async () => {
  const [one, two, other] = await Promise.all([
    office('2026-11-16T14:03:20Z', { seed: 7 }),
    office('2026-11-16T14:03:20Z', { seed: '7' }),
    office('2026-11-16T14:03:20Z', { seed: 8 }),
  ]);
  expect(await everything(two)).toBe(await everything(one));
  expect(await everything(other)).not.toBe(await everything(one));
});

test('it makes no difference whether time passed in one step, in many, or before the start', async () => {
  const liveBefore = [
    { from: Date.parse('2026-11-16T09:00:00Z'), until: Date.parse('2026-11-16T14:00:00Z') },
  ];
  const started = await office('2026-11-16T14:00:00Z', { live: false, liveBefore });
  const oneStep = await office('2026-11-16T09:00:00Z');
  oneStep.clock.advance(300 * MINUTE);
  const manySteps = await office('2026-11-16T09:00:00Z');
  for (let n = 0; n < 300; n++) {
    manySteps.clock.advance(MINUTE);
    expect(manySteps.state.leads.size).toBeGreaterThan(0);
  }
  const expected = await everything(oneStep);
  expect(await everything(manySteps)).toBe(expected);
  expect(await everything(started)).toBe(expected);
});

test('a restart in the next month finds the leads of the window as they were', async () => {
  const before = await office('2026-11-30T22:50:00Z', { live: false });
  const after = await office('2026-11-30T23:10:00Z', { live: false });
  before.clock.advance(20 * MINUTE);
  const inWindow = (sandbox: Sandbox) =>
    sandbox.state.leads.all.filter((lead) => lead.updatedAt > windowOf(sandbox.clock.now()));
  expect(inWindow(after)).toEqual(inWindow(before));
});

test('while it runs, a new deal comes every 40 to 90 seconds', async () => {
  const sandbox = await office('2026-11-16T03:00:00Z');
  const before = new Set(sandbox.state.successes().map((lead) => lead.id));
  const arrived: number[] = [];
  for (let second = 0; second < 3600; second += 5) {
    sandbox.clock.advance(5000);
    for (const lead of sandbox.state.successes()) {
      if (before.has(lead.id) || lead.id < 500_000_000) continue;
      before.add(lead.id);
      arrived.push(sandbox.clock.now());
    }
  }
  const gaps = arrived.slice(1).map((at, n) => at - (arrived[n] ?? 0));
  expect(arrived.length).toBeGreaterThan(50);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(35_000);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(95_000);
});

test('in twenty-five minutes some deals seen before change hands or order date, and commissions are filled in', async () => {
  const sandbox = await office('2026-11-16T11:00:00Z');
  const seen = new Map(sandbox.state.successes().map((lead) => [lead.id, lead]));
  sandbox.clock.advance(5 * MINUTE);
  const bare = sandbox.state
    .successes()
    .filter((lead) => !seen.has(lead.id) && (lead.commission ?? '0') === '0');
  sandbox.clock.advance(20 * MINUTE);
  const now = sandbox.state.successes();
  const disputed = now.filter((lead) => {
    const before = seen.get(lead.id);
    return (
      before !== undefined &&
      (before.agentId !== lead.agentId || JSON.stringify(before.orderDate) !== JSON.stringify(lead.orderDate))
    );
  });
  expect(disputed.length).toBeGreaterThanOrEqual(2);
  expect(disputed.length).toBeLessThanOrEqual(8);
  const filled = bare.filter((lead) => (sandbox.state.leads.get(lead.id)?.commission ?? '0') !== '0');
  expect(filled.length).toBeGreaterThanOrEqual(1);
});

test('every month, three or so deals differ from what they first were', async () => {
  const sandbox = await office('2026-11-23T00:00:00Z', { live: false });
  const first = new Map<number, string>();
  const differing = new Set<number>();
  for (let hour = 0; hour < 24 * 8; hour++) {
    for (const lead of sandbox.state.successes()) {
      const now = `${lead.agentId} ${lead.orderDate === null ? '' : JSON.stringify(lead.orderDate)}`;
      const then = first.get(lead.id) ?? now;
      first.set(lead.id, then);
      // A date that was missing at first is filled in, not disputed.
      if (then !== now && !then.endsWith(' ')) differing.add(lead.id);
    }
    sandbox.clock.advance(60 * MINUTE);
  }
  expect(differing.size).toBeGreaterThanOrEqual(3);
  expect(differing.size).toBeLessThanOrEqual(6);
});

test('messages are sent first and delivered minutes later', async () => {
  const sandbox = await office('2026-11-16T13:00:00Z', { live: false });
  const statuses = () => new Map(sandbox.state.messages.all.map((sms) => [sms.id, sms.status]));
  let moved = 0;
  let before = statuses();
  for (let n = 0; n < 360; n++) {
    sandbox.clock.advance(MINUTE / 2);
    const now = statuses();
    moved += [...now].filter(([id, status]) => status === 'delivered' && before.get(id) === 'sent').length;
    before = now;
  }
  expect(moved).toBeGreaterThan(3);
});

test('the office goes on by itself on a day in another year', async () => {
  const sandbox = await office('2026-12-31T20:00:00Z', { live: false });
  const size = sandbox.state.leads.size;
  sandbox.clock.set('2027-01-03T12:00:00Z');
  expect(sandbox.state.leads.size).toBeGreaterThan(size + 20);
});

test('an empty office has people but nothing else, also later', async () => {
  const sandbox = await office('2026-11-16T11:00:00Z', { office: 'empty' });
  sandbox.clock.advance(3 * 24 * 60 * MINUTE);
  expect([sandbox.state.leads.size, sandbox.state.messages.size, sandbox.state.users.length]).toEqual([
    0, 0, 14,
  ]);
});
