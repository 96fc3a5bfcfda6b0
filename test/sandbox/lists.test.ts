import { expect, test } from 'vitest';
import type { startAdversus } from '../../src/main/sandbox/adversus/start-adversus.ts';
import { get, leadIds, leadsPage, type Query } from './vendor-client.ts';
import { useSandbox } from './use-sandbox.ts';

const start = useSandbox();
type Sandbox = Awaited<ReturnType<typeof startAdversus>>;

const at = (second: number) =>
  new Date(Date.UTC(2026, 10, 16, 10, 0, second)).toISOString().replace('.000Z', 'Z');

/** Five leads, ids 1 to 5, changed one second after another. */
async function startWithFive(options: Parameters<typeof startAdversus>[0] = {}): Promise<Sandbox> {
  const sandbox = await start(options);
  for (const id of [1, 2, 3, 4, 5]) {
    const agentId = id === 5 ? null : 41000 + id;
    sandbox.state.addLead({ id, updatedAt: at(id), agentId, externalId: `K-${id}x` });
  }
  sandbox.state.patchLead(4, { status: 'automaticRedial', updatedAt: at(4) });
  return sandbox;
}

test.each<[string, object, number[]]>([
  ['$eq', { status: { $eq: 'success' } }, [1, 2, 3, 5]],
  ['$neq', { status: { $neq: 'success' } }, [4]],
  ['$gt, exclusive', { lastUpdatedTime: { $gt: at(3) } }, [4, 5]],
  ['$lt, exclusive', { lastUpdatedTime: { $lt: at(3) } }, [1, 2]],
  ['a range, exclusive at both ends', { lastUpdatedTime: { $gt: at(1), $lt: at(4) } }, [2, 3]],
  ['an empty range', { lastUpdatedTime: { $gt: at(4), $lt: at(2) } }, []],
  ['$eq of a stamp', { lastUpdatedTime: { $eq: at(2) } }, [2]],
  ['$c', { externalId: { $c: 'k-3' } }, [3]],
  ['$nc', { externalId: { $nc: '3' } }, [1, 2, 4, 5]],
  ['several properties', { status: { $eq: 'success' }, lastContactedBy: { $gt: 41001, $lt: 41004 } }, [2, 3]],
  ['a number given as text', { lastContactedBy: { $eq: '41002' } }, [2]],
  ['null', { lastContactedBy: { $eq: null } }, [5]],
])('filters by %s', async (_, filters, expected) => {
  const sandbox = await startWithFive();
  expect(await leadIds(sandbox, { filters })).toEqual(expected);
});

test.each<[string, string, Query]>([
  ['bad JSON', '/leads', { filters: '{status' }],
  ['a list instead of an object', '/leads', { filters: '[]' }],
  ['an unknown operator', '/leads', { filters: { status: { $in: ['success'] } } }],
  ['$gte', '/leads', { filters: { lastUpdatedTime: { $gte: at(1) } } }],
  ['an unknown property', '/leads', { filters: { colour: { $eq: 1 } } }],
  ['a property of every object', '/leads', { filters: { constructor: { $eq: 1 } } }],
  ['an unreadable stamp', '/leads', { filters: { lastUpdatedTime: { $gt: 'today' } } }],
  ['the other stamp property', '/leads', { filters: { lastModifiedTime: { $gt: at(1) } } }],
  ['the other stamp property to sort by', '/leads', { sortProperty: 'lastModifiedTime' }],
  ['an unknown sort direction', '/leads', { sortDirection: 'down' }],
  ['page 0', '/leads', { page: 0 }],
  ['a page that is no number', '/leads', { page: 'x' }],
  ['SMS by status', '/sms', { filters: { status: { $eq: 'delivered' } } }],
])('answers 400 to %s', async (_, path, query) => {
  const sandbox = await startWithFive();
  const got = await get(sandbox, path, query);
  expect(got.status).toBe(400);
  expect(got.json()).toEqual({ code: 400, message: expect.any(String) as string });
});

test('takes the older name of the stamp when so switched, and then not the newer one', async () => {
  const sandbox = await startWithFive({ switches: { stampField: 'lastModifiedTime' } });
  expect(await leadIds(sandbox, { filters: { lastModifiedTime: { $gt: at(4) } } })).toEqual([5]);
  expect((await get(sandbox, '/leads', { filters: { lastUpdatedTime: { $gt: at(4) } } })).status).toBe(400);
  const [lead] = (await leadsPage(sandbox)).leads;
  expect(lead).toHaveProperty('lastModifiedTime', at(1));
  expect(lead).not.toHaveProperty('lastUpdatedTime');
  sandbox.switches.set({ recordStampFields: 'both' });
  expect((await leadsPage(sandbox)).leads[0]).toMatchObject({
    lastModifiedTime: at(1),
    lastUpdatedTime: at(1),
  });
});

test('sorts by the stamp in both directions and by other properties', async () => {
  const sandbox = await startWithFive();
  expect(await leadIds(sandbox, { sortProperty: 'lastUpdatedTime', sortDirection: 'DESC' })).toEqual([
    5, 4, 3, 2, 1,
  ]);
  expect(await leadIds(sandbox, { sortProperty: 'lastUpdatedTime', sortDirection: 'ASC' })).toEqual([
    1, 2, 3, 4, 5,
  ]);
  expect(await leadIds(sandbox, { sortProperty: 'status', sortDirection: 'ASC' })).toEqual([4, 1, 2, 3, 5]);
  expect(await leadIds(sandbox, { sortProperty: 'lastContactedBy', sortDirection: 'DESC' })).toEqual([
    4, 3, 2, 1, 5,
  ]);
});

test('equal stamps keep their order, or get another at every request when so switched', async () => {
  const sandbox = await start();
  sandbox.state.addLeads(50, () => ({ updatedAt: at(0) }));
  const read = () => leadIds(sandbox, { sortProperty: 'lastUpdatedTime', sortDirection: 'DESC' });
  const first = await read();
  expect(await read()).toEqual(first);
  sandbox.switches.set({ tieOrder: 'shuffled' });
  const shuffled = await read();
  expect(shuffled).not.toEqual(await read());
  expect([...shuffled].sort()).toEqual([...first].sort());
});

test('describes pages as the vendor does', async () => {
  const sandbox = await startWithFive();
  const { meta, leads } = await leadsPage(sandbox, { page: 2, pageSize: 2, sortProperty: 'id' });
  const { firstUrl, previousUrl, nextUrl, lastUrl, ...counts } = meta.pagination;
  expect(counts).toEqual({ page: 2, pageCount: 3, pageSize: 2, total: 5 });
  expect(leads.map((lead) => lead['id'])).toEqual([3, 4]);
  const pages = [firstUrl, previousUrl, nextUrl, lastUrl].map((url) =>
    new URL(url ?? '').searchParams.get('page'),
  );
  expect(pages).toEqual(['1', '1', '3', '3']);
  expect(new URL(nextUrl ?? '').searchParams.get('sortProperty')).toBe('id');
  expect(nextUrl?.startsWith(`${sandbox.url}/leads?`)).toBe(true);
});

test('the last page has no next, a page after it is empty', async () => {
  const sandbox = await startWithFive();
  const last = await leadsPage(sandbox, { page: 3, pageSize: 2 });
  expect(last.meta.pagination.nextUrl).toBeNull();
  const after = await leadsPage(sandbox, { page: 4, pageSize: 2 });
  expect(after.leads).toEqual([]);
  expect(after.meta.pagination).toMatchObject({ page: 4, pageCount: 3, total: 5, nextUrl: null });
});

test('an empty account has no pages', async () => {
  const { meta, leads } = await leadsPage(await start());
  expect(leads).toEqual([]);
  expect(meta.pagination).toMatchObject({ page: 1, pageCount: 0, total: 0, nextUrl: null });
});

test('a page above the limit is cut to it, or refused when so switched', async () => {
  const sandbox = await startWithFive({ switches: { maxPageSize: 3 } });
  expect((await leadsPage(sandbox, { pageSize: 1000 })).meta.pagination).toMatchObject({
    pageSize: 3,
    pageCount: 2,
  });
  sandbox.switches.set({ abovePageSize: 'refuse' });
  expect((await get(sandbox, '/leads', { pageSize: 4 })).status).toBe(400);
  expect((await leadsPage(sandbox, { pageSize: 3 })).leads).toHaveLength(3);
});

test('without meta some lists are wrapped and some bare', async () => {
  const sandbox = await startWithFive();
  sandbox.state.addSms({ id: 9 });
  const shape = async (path: string) => {
    const json = (await get(sandbox, path)).json();
    return Array.isArray(json) ? 'bare' : Object.keys(json as object);
  };
  expect([await shape('/leads'), await shape('/users'), await shape('/groups')]).toEqual([
    ['leads'],
    ['users'],
    ['groups'],
  ]);
  expect([await shape('/sms'), await shape('/campaigns')]).toEqual(['bare', 'bare']);
  sandbox.switches.set({ envelope: 'wrapped' });
  expect(await shape('/sms')).toEqual(['sms']);
  sandbox.switches.set({ envelope: 'bare' });
  expect(await shape('/leads')).toBe('bare');
  const withMeta = await get(sandbox, '/sms', { includeMeta: 'true' });
  expect(withMeta.json()).toMatchObject({ meta: { pagination: { total: 1 } }, sms: [{ id: 9 }] });
});

test('SMS can be filtered by the documented properties', async () => {
  const sandbox = await start();
  sandbox.state.addSms({ id: 1, timestamp: at(1), type: 'outbound', receiver: '+46701740610' });
  sandbox.state.addSms({ id: 2, timestamp: at(2), type: 'inbound', leadId: 7 });
  const ids = async (filters: object) =>
    ((await get(sandbox, '/sms', { filters })).json() as { id: number }[]).map((sms) => sms.id);
  expect(await ids({ type: { $eq: 'outbound' } })).toEqual([1]);
  expect(await ids({ timestamp: { $gt: at(1), $lt: at(3) } })).toEqual([2]);
  expect(await ids({ receiver: { $c: '740610' } })).toEqual([1]);
  expect(await ids({ leadId: { $eq: 7 } })).toEqual([2]);
});

test('lists users with their group, groups, campaigns and the organization', async () => {
  const sandbox = await start();
  const { users } = (await get(sandbox, '/users')).json() as { users: Record<string, unknown>[] };
  expect(users.filter((user) => user['active'] === true && user['admin'] === false)).toHaveLength(12);
  expect(users[0]).toMatchObject({
    id: 41001,
    displayName: 'Anna Lindqvist',
    group: { id: 301, name: 'Team Norr' },
  });
  expect(users.filter((user) => String(user['displayName']).length > 55)).toHaveLength(2);
  expect((await get(sandbox, '/groups')).json()).toMatchObject({
    groups: [{ id: 301 }, { id: 302 }, { id: 303 }],
  });
  const campaigns = (await get(sandbox, '/campaigns')).json() as { settings: { name: string } }[];
  expect(campaigns.map((campaign) => campaign.settings.name)).toContain('Dentle Kallkund - Sverige');
  expect((await get(sandbox, '/organization')).json()).toHaveProperty('name');
});

test('a lead changed between two pages jumps to the front, and another is seen twice', async () => {
  const sandbox = await startWithFive();
  sandbox.faults.beforeCall(2, () => sandbox.state.patchLead(1, { commission: '500' }), '/leads');
  const query = { sortProperty: 'lastUpdatedTime', sortDirection: 'DESC', pageSize: 3 };
  expect(await leadIds(sandbox, { ...query, page: 1 })).toEqual([5, 4, 3]);
  expect(await leadIds(sandbox, { ...query, page: 2 })).toEqual([3, 2]);
});
