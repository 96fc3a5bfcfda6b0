import { expect, test } from 'vitest';
import { hostileTexts } from '../../src/main/sandbox/adversus/hostile-texts.ts';
import { fieldIds } from '../../src/main/sandbox/adversus/people.ts';
import { get, leadIds, leadsPage, type Row } from './vendor-client.ts';
import { useSandbox } from './use-sandbox.ts';

const start = useSandbox();
const resultData = (lead: Row | undefined) => (lead?.['resultData'] ?? []) as Row[];

test('a lead has the fields the vendor gives, values as text', async () => {
  const sandbox = await start();
  sandbox.state.addLead({ id: 929473146, commission: 1250.5, multiDeals: 3, orderDate: '2026-11-16' });
  const [lead] = (await leadsPage(sandbox)).leads;
  expect(lead).toMatchObject({
    id: 929473146,
    campaignId: 7101,
    lastUpdatedTime: '2026-11-16T11:00:00Z',
    lastContactedBy: 41001,
    status: 'success',
    resultData: [
      { id: fieldIds.commission, label: 'Commission', value: '1250.5' },
      { id: fieldIds.multiDeals, label: 'MultiDeals', value: '3' },
      { id: fieldIds.orderDate, label: 'Order date', value: '2026-11-16' },
    ],
  });
  sandbox.switches.set({ fieldLabels: false });
  const [bare] = (await leadsPage(sandbox)).leads;
  expect(resultData(bare)[0]).toEqual({ id: fieldIds.commission, value: '1250.5' });
});

test('absent fields are absent, and multi-deals may be master data', async () => {
  const sandbox = await start();
  sandbox.state.addLead({
    commission: null,
    orderDate: null,
    multiDeals: '34Dentle Kallkund',
    multiDealsIn: 'masterData',
  });
  const [lead] = (await leadsPage(sandbox)).leads;
  expect(lead?.['resultData']).toEqual([]);
  expect(lead?.['masterData']).toContainEqual({
    id: fieldIds.multiDeals,
    label: 'MultiDeals',
    value: '34Dentle Kallkund',
  });
});

test('the campaign comes as id, as name, or as name with the id beside it', async () => {
  const sandbox = await start();
  for (const campaignAs of ['id', 'name', 'name-and-id'] as const)
    sandbox.state.addLead({ campaignId: 7103, campaignAs });
  const campaigns = async () =>
    (await leadsPage(sandbox)).leads.map(({ campaignId, campaign }) => ({ campaignId, campaign }));
  const name = 'El & Fiber Norden';
  expect(await campaigns()).toEqual([
    { campaignId: 7103, campaign: undefined },
    { campaignId: name, campaign: undefined },
    { campaignId: name, campaign: { id: 7103, name } },
  ]);
  sandbox.switches.set({ campaignId: 'number' });
  expect((await campaigns()).every(({ campaignId }) => campaignId === 7103)).toBe(true);
  sandbox.switches.set({ campaignId: 'name' });
  expect((await campaigns()).every(({ campaignId }) => campaignId === name)).toBe(true);
});

test('a renamed campaign shows in leads already answered', async () => {
  const sandbox = await start({ switches: { campaignId: 'name' } });
  sandbox.state.addLead({ campaignId: 7103 });
  await leadsPage(sandbox);
  sandbox.state.putCampaign({ id: 7103, name: 'Nytt namn', active: true });
  expect((await leadsPage(sandbox)).leads[0]).toHaveProperty('campaignId', 'Nytt namn');
});

test.each([
  ['utc-z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'],
  ['utc-bare', '2026-10-25T00:30:00', '2026-10-25T01:30:00'],
  ['local-bare', '2026-10-25T02:30:00', '2026-10-25T02:30:00'],
] as const)('writes stamps as %s, right in the hour that comes twice', async (stampFormat, first, second) => {
  const sandbox = await start({ switches: { stampFormat } });
  sandbox.state.addLead({
    id: 1,
    updatedAt: '2026-10-25T00:30:00Z',
    orderDate: new Date('2026-10-25T00:30:00Z'),
  });
  sandbox.state.addLead({ id: 2, updatedAt: '2026-10-25T01:30:00Z' });
  const { leads } = await leadsPage(sandbox);
  expect(leads.map((lead) => lead['lastUpdatedTime'])).toEqual([first, second]);
  expect(resultData(leads[0])[0]).toMatchObject({ value: first });
});

test('reads a filter value without zone as the account writes stamps, and one with Z as UTC', async () => {
  const sandbox = await start({ switches: { stampFormat: 'local-bare' } });
  sandbox.state.addLead({ id: 1, updatedAt: '2026-11-16T10:00:00Z' });
  const after = (value: string) => leadIds(sandbox, { filters: { lastUpdatedTime: { $gt: value } } });
  expect(await after('2026-11-16T10:59:59')).toEqual([1]);
  expect(await after('2026-11-16T11:00:00')).toEqual([]);
  expect(await after('2026-11-16T09:59:59Z')).toEqual([1]);
  sandbox.switches.set({ stampFormat: 'utc-bare' });
  expect(await after('2026-11-16T10:59:59')).toEqual([]);
});

test('keeps milliseconds when so switched', async () => {
  const sandbox = await start({ switches: { stampMilliseconds: true } });
  sandbox.state.addLead({ updatedAt: '2026-12-31T22:59:59.999Z' });
  expect((await leadsPage(sandbox)).leads[0]).toHaveProperty('lastUpdatedTime', '2026-12-31T22:59:59.999Z');
});

test('a test may send a record no schema allows', async () => {
  const sandbox = await start();
  sandbox.state.addLead({ raw: { id: 'not a number', resultData: 'nonsense', surprise: { deep: [1] } } });
  expect((await leadsPage(sandbox)).leads[0]).toMatchObject({ id: 'not a number', resultData: 'nonsense' });
});

test('puts hostile texts into names when so switched, and stays valid JSON', async () => {
  const sandbox = await start({ switches: { hostileTexts: true } });
  for (let id = 1; id <= 10; id++) sandbox.state.addLead({ id, campaignAs: 'name' });
  const users = (await get(sandbox, '/users')).text;
  expect(users).toContain('<script>');
  expect(users).toContain('DROP TABLE');
  const contacts = (await leadsPage(sandbox)).leads.map(
    (lead) => (lead['masterData'] as Row[])[0]?.['value'],
  );
  expect(contacts.map((name) => String(name).replace(/ \d+$/, '')).sort()).toEqual([...hostileTexts].sort());
});

test('a look-up answers one lead, wrapped or bare', async () => {
  const sandbox = await start();
  sandbox.state.addLead({ id: 1 });
  expect((await get(sandbox, '/leads/1')).json()).toMatchObject({ leads: [{ id: 1, status: 'success' }] });
  sandbox.switches.set({ singleRecord: 'bare' });
  expect((await get(sandbox, '/leads/1')).json()).toMatchObject({ id: 1, status: 'success' });
});

test('a look-up of a revoked lead answers its status, 404 or nothing, by switch', async () => {
  const sandbox = await start();
  sandbox.state.addLead({ id: 1 });
  sandbox.state.revoke(1);
  expect((await get(sandbox, '/leads/1')).json()).toMatchObject({ leads: [{ status: 'notInterested' }] });
  sandbox.switches.set({ lookupOtherStatus: 'not-found' });
  expect((await get(sandbox, '/leads/1')).status).toBe(404);
  sandbox.switches.set({ lookupOtherStatus: 'empty' });
  expect((await get(sandbox, '/leads/1')).json()).toEqual({ leads: [] });
});

test('a look-up of a deleted lead answers 404, nothing or its last state, by switch', async () => {
  const sandbox = await start();
  sandbox.state.addLead({ id: 1 });
  sandbox.state.remove(1);
  expect(await leadIds(sandbox)).toEqual([]);
  expect((await get(sandbox, '/leads/1')).json()).toEqual({ code: 404, message: 'Not found' });
  sandbox.switches.set({ lookupGone: 'empty' });
  expect((await get(sandbox, '/leads/1')).json()).toEqual({ leads: [] });
  sandbox.switches.set({ lookupGone: 'record' });
  expect((await get(sandbox, '/leads/1')).json()).toMatchObject({ leads: [{ id: 1, status: 'invalid' }] });
  expect((await get(sandbox, '/leads/2')).status).toBe(404);
});

test('the vendor can refuse look-ups of leads altogether', async () => {
  const sandbox = await start({ switches: { lookups: 'refused' } });
  sandbox.state.addLead({ id: 1 });
  expect((await get(sandbox, '/leads/1')).status).toBe(403);
  expect((await get(sandbox, '/campaigns/7101')).status).toBe(200);
});

test('looks up users and campaigns', async () => {
  const sandbox = await start();
  expect((await get(sandbox, '/users/41002')).json()).toMatchObject({ users: [{ firstname: 'Erik' }] });
  expect((await get(sandbox, '/campaigns/7101')).json()).toMatchObject({
    campaigns: [{ settings: { name: 'Dentle Kallkund - Sverige' } }],
  });
  expect((await get(sandbox, '/users/1')).status).toBe(404);
});
