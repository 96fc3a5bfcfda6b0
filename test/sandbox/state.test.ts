import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SortedRecords } from '../../src/main/sandbox/adversus/sorted-records.ts';
import { leadIds, leadsPage } from './vendor-client.ts';
import { NOON, useSandbox } from './use-sandbox.ts';

const start = useSandbox();
const minute = 60_000;

test('a change moves the stamp to the sandbox clock, in whole seconds', async () => {
  const sandbox = await start();
  sandbox.state.addLead({ id: 1 });
  sandbox.clock.advance(90_700);
  sandbox.state.patchLead(1, { commission: '900' });
  expect((await leadsPage(sandbox)).leads[0]).toMatchObject({ lastUpdatedTime: '2026-11-16T11:01:30Z' });
  expect(await leadIds(sandbox, { filters: { lastUpdatedTime: { $gt: NOON } } })).toEqual([1]);
});

test('a reassigned lead belongs to another agent and keeps its order date', async () => {
  const sandbox = await start();
  const before = sandbox.state.addLead({ id: 1, agentId: 41012 });
  sandbox.clock.advance(minute);
  const after = sandbox.state.reassign(1);
  expect(after.agentId).toBe(41001);
  expect(after.orderDate).toEqual(before.orderDate);
  expect(sandbox.state.reassign(1, 41005).agentId).toBe(41005);
});

test('a revoked lead leaves the list of successes and stays a lead', async () => {
  const sandbox = await start();
  sandbox.state.addLead({ id: 1 });
  sandbox.state.revoke(1);
  expect(await leadIds(sandbox, { filters: { status: { $eq: 'success' } } })).toEqual([]);
  expect(await leadIds(sandbox)).toEqual([1]);
  expect(sandbox.state.successes()).toEqual([]);
});

test('says so when a lead or message is unknown or taken', async () => {
  const { state } = await start();
  state.addLead({ id: 1 });
  expect(() => state.addLead({ id: 1 })).toThrow('exists already');
  expect(() => state.patchLead(2, {})).toThrow('no lead 2');
  expect(() => state.setSmsStatus(3, 'delivered')).toThrow('no message 3');
  expect(state.remove(2)).toBe(false);
});

test('a message is delivered long after it was sent, under its send time', async () => {
  const sandbox = await start();
  const { id, timestamp } = sandbox.state.addSms({ status: 'sent' });
  sandbox.clock.advance(20 * minute);
  expect(sandbox.state.setSmsStatus(id, 'delivered')).toMatchObject({ status: 'delivered', timestamp });
});

test('100 000 leads are read in pages without loss', async () => {
  const sandbox = await start();
  sandbox.state.addLeads(100_000, (n) => ({ updatedAt: Date.parse(NOON) - n * 1000 }));
  const seen = new Set<unknown>();
  for (let page = 1; page <= 100; page++) {
    const query = { page, pageSize: 1000, sortProperty: 'lastUpdatedTime', sortDirection: 'DESC' };
    const { meta, leads } = await leadsPage(sandbox, query);
    expect(meta.pagination.total).toBe(100_000);
    for (const lead of leads) seen.add(lead['id']);
  }
  expect(seen.size).toBe(100_000);
});

test('many messages are added at once', async () => {
  const { state } = await start();
  state.addManySms(2500, (n) => ({ status: n % 2 === 0 ? 'delivered' : 'sent' }));
  expect(state.messages.size).toBe(2500);
  expect(state.messages.all.filter((sms) => sms.status === 'sent')).toHaveLength(1250);
});

test('clear leaves people and campaigns only', async () => {
  const { state } = await start({ office: 'lively' });
  state.clear();
  expect([state.leads.size, state.messages.size, state.users.length]).toEqual([0, 0, 14]);
});

test('sorted records stay sorted and agree with a plain map under any changes', () => {
  const ids = fc.integer({ min: 1, max: 20 });
  const record = fc.record({ id: ids, at: fc.integer({ min: 0, max: 9 }) });
  const step = fc.oneof(
    record.map((value) => ({ put: [value] })),
    fc.array(record, { maxLength: 8 }).map((values) => ({ putMany: values })),
    ids.map((id) => ({ drop: id })),
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: -1, max: 10 }),
      fc.integer({ min: -1, max: 10 }),
      (steps, a, b) => {
        const records = new SortedRecords<{ id: number; at: number }>((value) => value.at);
        const model = new Map<number, { id: number; at: number }>();
        for (const change of steps) {
          if ('put' in change) for (const value of change.put) records.put(value);
          if ('putMany' in change) records.putMany(change.putMany);
          if ('drop' in change) expect(records.delete(change.drop)).toBe(model.delete(change.drop));
          for (const value of 'put' in change ? change.put : 'putMany' in change ? change.putMany : [])
            model.set(value.id, value);
        }
        const expected = [...model.values()].sort((x, y) => x.at - y.at || x.id - y.id);
        expect(records.all).toEqual(expected);
        expect(records.between(a, b)).toEqual(expected.filter((value) => value.at > a && value.at < b));
      },
    ),
  );
});
