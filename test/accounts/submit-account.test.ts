import { afterEach, beforeEach, expect, it } from 'vitest';
import { carryOutTask, sweepRequests } from '../../src/main/accounts/carry-out-task.ts';
import { submitAccount } from '../../src/main/accounts/submit-account.ts';
import { sendAccount } from '../../src/main/accounts/send-account.ts';
import { ask, openAccountOffice, type AccountOffice } from './account-office.ts';

let office: AccountOffice;
beforeEach(async () => {
  office = await openAccountOffice();
});
afterEach(() => office.close());

const switchTo = (mode: 'async_queue' | 'sync_direct') =>
  office.deps.mode.set(mode, { confirmed: true, actor: 'anna', console: 'test' });
const signal = new AbortController().signal;
const inDirectory = (email: string) => office.vendor.state.withEmail(email).length;

it('makes the same account once, asked in both modes with a retry in between', async () => {
  expect(await submitAccount(office.deps, ask('anna@example.com'))).toMatchObject({
    result: 'queued',
    path: 'queue',
  });
  const task = office.hand.take();
  office.vendor.faults.add({
    path: '/users',
    times: 1,
    when: ({ method }) => method === 'POST',
    do: { kind: 'lose-answer' },
  });
  await carryOutTask(office.deps, task, signal);
  // The queue gives a task out again whose end it did not hear of.
  await carryOutTask(office.deps, task, signal);
  await switchTo('sync_direct');
  const again = await submitAccount(office.deps, ask('ANNA@Example.com'));
  expect(again).toMatchObject({ success: true, result: 'skipped', path: 'direct' });
  expect(again.reason).toContain('made before');
  await switchTo('async_queue');
  expect(await submitAccount(office.deps, ask('anna@example.com'))).toMatchObject({ result: 'skipped' });
  expect(inDirectory('anna@example.com')).toBe(1);
  expect(await office.accounts()).toHaveLength(1);
});

it('carries the very same request out directly where the queue fails, and raises CRITICAL once for the outage', async () => {
  office.hand.fail = 'before';
  const first = await submitAccount(office.deps, ask('one@example.com', { key: 'k-1' }));
  expect(first).toMatchObject({ result: 'created', path: 'direct', key: 'k-1' });
  expect(await office.events('CRITICAL')).toMatchObject([{ metadata: { kind: 'queue-fell-back' } }]);
  await submitAccount(office.deps, ask('two@example.com'));
  // Another console meets the same outage.
  const { deps: other } = await office.start();
  await submitAccount(other, ask('three@example.com'));
  expect(await office.events('CRITICAL')).toHaveLength(1);
  expect((await office.accounts()).map(({ email }) => email)).toEqual([
    'one@example.com',
    'two@example.com',
    'three@example.com',
  ]);
  // A queue that just failed is not waited for again.
  expect(office.hand.adds).toBe(2);
});

it('tells that the queue is back, and the next outage is raised anew', async () => {
  office.hand.fail = 'before';
  await submitAccount(office.deps, ask('one@example.com'));
  office.hand.fail = null;
  const { deps: later } = await office.start();
  expect(await submitAccount(later, ask('two@example.com'))).toMatchObject({ result: 'queued' });
  expect(await office.events('INFO')).toMatchObject([
    { metadata: { kind: 'queue-fell-back', solved: true } },
  ]);
  office.hand.fail = 'before';
  await submitAccount(later, ask('three@example.com'));
  expect(await office.events('CRITICAL')).toHaveLength(2);
});

it('makes one account where the queue took the task but its answer was lost', async () => {
  office.hand.fail = 'after';
  expect(await submitAccount(office.deps, ask('anna@example.com'))).toMatchObject({ result: 'created' });
  await carryOutTask(office.deps, office.hand.take(), signal);
  expect(inDirectory('anna@example.com')).toBe(1);
  expect(await office.accounts()).toHaveLength(1);
});

it('makes one account of requests that come at once, from two processes', async () => {
  await switchTo('sync_direct');
  const { deps: other } = await office.start();
  const answers = await Promise.all(
    [office.deps, other, office.deps, other].map((deps) => submitAccount(deps, ask('anna@example.com'))),
  );
  expect(answers.map(({ result }) => result).sort()).toEqual(['created', 'skipped', 'skipped', 'skipped']);
  expect(inDirectory('anna@example.com')).toBe(1);
  expect(office.vendor.log.count(({ method }) => method === 'POST')).toBe(1);
});

it('completes one that is in the directory under its key without a row of ours', async () => {
  await switchTo('sync_direct');
  office.vendor.state.add('Anna@example.com', { opsdeck_request_key: 'k-7' });
  const answer = await submitAccount(office.deps, ask('anna@example.com', { key: 'k-7' }));
  expect(answer).toMatchObject({ result: 'completed' });
  expect(await office.accounts()).toMatchObject([{ request_key: 'k-7' }]);
  expect(inDirectory('anna@example.com')).toBe(1);
});

it('refuses an email of a foreign account, in any case, and looks anew when asked again', async () => {
  await switchTo('sync_direct');
  const foreign = office.vendor.state.add('Someone@Example.com');
  await expect(submitAccount(office.deps, ask('someone@example.com'))).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(await office.accounts()).toEqual([]);
  office.vendor.state.remove(foreign.id);
  expect(await submitAccount(office.deps, ask('someone@example.com'))).toMatchObject({ result: 'created' });
});

it('refuses the same email under another key, other details, and a key that means another email', async () => {
  await submitAccount(office.deps, ask('anna@example.com', { key: 'k-1' }));
  const refused = { code: 'CONFLICT' };
  await expect(submitAccount(office.deps, ask('Anna@example.com', { key: 'k-2' }))).rejects.toMatchObject(
    refused,
  );
  await expect(submitAccount(office.deps, ask('anna@example.com', { plan: 'gold' }))).rejects.toMatchObject(
    refused,
  );
  await expect(submitAccount(office.deps, ask('bo@example.com', { key: 'k-1' }))).rejects.toMatchObject(
    refused,
  );
  // Without a key it is the one request of this email.
  expect(await submitAccount(office.deps, ask('anna@example.com'))).toMatchObject({
    key: 'k-1',
    result: 'queued',
  });
});

it('a queued request that is refused is told, and its task is done', async () => {
  office.vendor.state.add('someone@example.com');
  await submitAccount(office.deps, ask('someone@example.com'));
  await carryOutTask(office.deps, office.hand.take(), signal);
  expect(await office.events('WARNING')).toMatchObject([{ metadata: { kind: 'account-refused' } }]);
});

it('leaves a failed request open, which the next try finishes', async () => {
  await switchTo('sync_direct');
  const fault = office.vendor.faults.add({ path: '/users', do: { kind: 'drop' } });
  await expect(submitAccount(office.deps, ask('anna@example.com'))).rejects.toMatchObject({
    code: 'UPSTREAM_FAILED',
  });
  fault.remove();
  expect(await submitAccount(office.deps, ask('anna@example.com'))).toMatchObject({ result: 'created' });
});

it('a 5xx after the account was made does not make a second one', async () => {
  await switchTo('sync_direct');
  office.vendor.faults.add({
    when: ({ method }) => method === 'POST',
    times: 1,
    do: { kind: 'answer', status: 503 },
  });
  expect(await submitAccount(office.deps, ask('anna@example.com'))).toMatchObject({ result: 'created' });
  expect(office.vendor.log.count(({ method }) => method === 'POST')).toBe(1);
});

it('gives a task to a request whose process was killed before it was queued or while it was at it', async () => {
  const [killed, living] = [await office.start(), await office.start()];
  for (const [key, { deps }] of [
    ['k-1', killed],
    ['k-4', living],
  ] as const) {
    await office.database.query(
      `insert into account_requests (key, email, name, plan, state, path, actor, console, claim, claimed_by, claimed_until)
       values ($1, $1 || '@example.com', 'Anna Berg', 'basic', 'open', 'direct', 'anna', 'test', gen_random_uuid(), $2,
               clock_timestamp() + interval '1 hour')`,
      [key, deps.processId],
    );
  }
  await office.database.query(
    `insert into account_requests (key, email, name, plan, state, path, actor, console, updated_at)
     values ('k-2', 'bo@example.com', 'Bo Ek', 'basic', 'open', 'queue', 'anna', 'test', now() - interval '5 minutes'),
            ('k-3', 'eva@example.com', 'Eva Ek', 'basic', 'open', 'queue', 'anna', 'test', now())`,
  );
  await killed.end();
  expect(await sweepRequests(office.deps)).toBe(2);
  for (let task = office.hand.take(); task; task = office.hand.take())
    await carryOutTask(office.deps, task, signal);
  expect((await office.accounts()).map(({ request_key: key }) => key).sort()).toEqual(['k-1', 'k-2']);
});

it('a kept request that is sent twice makes one account', async () => {
  await switchTo('sync_direct');
  const request = ask('anna@example.com');
  expect(await sendAccount(office.deps, request)).toMatchObject({ kind: 'done' });
  expect(await sendAccount(office.deps, request)).toMatchObject({ kind: 'done' });
  expect(await sendAccount(office.deps, { ...request, plan: 'gold' })).toMatchObject({ kind: 'refused' });
  expect(inDirectory('anna@example.com')).toBe(1);
});
