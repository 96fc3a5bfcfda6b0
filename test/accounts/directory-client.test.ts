import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDirectoryClient } from '../../src/main/accounts/directory-client.ts';
import { startDirectory, type DirectorySandbox } from '../../src/main/sandbox/directory/start-directory.ts';
import { clock, patience } from './account-office.ts';

let vendor: DirectorySandbox;
beforeEach(async () => {
  vendor = await startDirectory({ foreign: false });
});
afterEach(() => vendor.close());

const client = (given: { token?: string; timeoutMs?: number } = {}) =>
  createDirectoryClient({
    ...{ baseUrl: vendor.url, token: vendor.token, clock, random: () => 0.5, patience, perPage: 3 },
    ...given,
  });
const request = { email: 'anna@example.com', name: 'Anna', plan: 'basic', key: 'k-1' };
const fill = (count: number) => {
  for (let n = 1; n <= count; n++) vendor.state.add(`user${n}@example.com`);
};

it('finds an email on any page, without case, with the key that made it', async () => {
  fill(7);
  expect(await client().findUser('USER1@example.com')).toMatchObject({
    email: 'user1@example.com',
    requestKey: null,
  });
  expect(await client().findUser('nobody@example.com')).toBeNull();
  expect(await client().createUser(request)).toMatchObject({ kind: 'created', user: { requestKey: 'k-1' } });
  expect(await client().findUser('Anna@Example.com')).toMatchObject({ requestKey: 'k-1' });
  expect(await client().createUser({ ...request, email: 'ANNA@example.com' })).toEqual({ kind: 'exists' });
});

it.each([true, false])('reads to the end where the list tells its total: %s', async (totalHeader) => {
  vendor.switches.totalHeader = totalHeader;
  fill(9);
  expect(await client().listUsers()).toHaveLength(9);
  expect(await client().findUser('nobody@example.com')).toBeNull();
});

it('finds one that users made meanwhile pushed back, and one that a removal pulled forward', async () => {
  fill(6);
  vendor.faults.beforeCall(2, () => void vendor.state.add('new@example.com'), '/users');
  expect(await client().findUser('user1@example.com')).not.toBeNull();
  vendor.faults.clear();
  // Newest first: 6 5 4 | 3 2 1. With the newest gone, 3 moves to the page that was read already.
  const newest = vendor.state.users[0]!;
  vendor.faults.beforeCall(2, () => void vendor.state.remove(newest.id), '/users');
  const missed = vendor.state.users[3]!;
  expect(await client().findUser(missed.email)).toMatchObject({ id: missed.id });
});

it('says that it cannot know where users go on being removed while it reads', async () => {
  fill(20);
  vendor.faults.add({
    path: '/users',
    do: { kind: 'before', run: () => void vendor.state.remove(vendor.state.users[0]!.id) },
  });
  await expect(client().findUser('nobody@example.com')).rejects.toMatchObject({ code: 'UPSTREAM_FAILED' });
});

it.each([
  ['a lost answer', { kind: 'lose-answer' }],
  ['a 5xx', { kind: 'answer', status: 502 }],
  ['a cut answer', { kind: 'truncate' }],
  ['a web page', { kind: 'html' }],
  ['a dropped connection', { kind: 'drop' }],
] as const)('calls a creation unknown after %s', async (_name, fault) => {
  vendor.faults.add({ path: '/users', do: fault });
  expect(await client().createUser(request)).toMatchObject({ kind: 'unknown' });
});

it('calls a creation unknown that is not answered in time, and gives up when told', async () => {
  vendor.faults.add({ path: '/users', do: { kind: 'hang' } });
  expect(await client({ timeoutMs: 50 }).createUser(request)).toMatchObject({ kind: 'unknown' });
  const stop = new AbortController();
  const asked = client().createUser(request, stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: 'CANCELLED' });
});

it('asks again after a 429, which did nothing, and refuses for good what is refused', async () => {
  vendor.faults.add({ path: '/users', times: 1, do: { kind: 'answer', status: 429 } });
  expect(await client().createUser(request)).toMatchObject({ kind: 'created' });
  await expect(client({ token: 'wrong' }).findUser('a@example.com')).rejects.toMatchObject({
    code: 'UPSTREAM_REFUSED',
    status: 401,
  });
  await expect(client().createUser({ ...request, email: 'no' })).rejects.toMatchObject({ status: 400 });
  expect(vendor.state.users).toHaveLength(1);
});
