import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startDirectory, type DirectorySandbox } from '../../src/main/sandbox/directory/start-directory.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { dataFolder, documentOf, runCli, startCli } from './run-cli.ts';

vi.setConfig({ testTimeout: 400_000 });

let database: TestDatabase;
let vendor: DirectorySandbox;
beforeEach(async () => {
  database = await createTestDatabase();
  vendor = await startDirectory();
});
afterEach(async () => {
  await vendor.close();
  await database.drop();
});

const environment = (more: Record<string, string> = {}) => ({
  OPSDECK_DATABASE_URL: database.url,
  OPSDECK_DIRECTORY_URL: vendor.url,
  OPSDECK_DIRECTORY_TOKEN: vendor.token,
  ...more,
});

async function opsdeck(args: string[], more: Record<string, string> = {}) {
  const result = await runCli([...args, '--json'], environment(more));
  return { exit: result.code, ...documentOf(result) } as Record<string, unknown> & { exit: number };
}
const add = (email: string, ...rest: string[]) => [
  'accounts',
  'add',
  email,
  '--name',
  'Anna Berg',
  '--plan',
  'basic',
  ...rest,
];
const made = async () =>
  Number((await database.query<{ n: number }>('select count(*)::int as n from accounts')).rows[0]!.n);

it('makes one account however often it is asked, in either mode, and lists it', async () => {
  expect(await opsdeck(add('anna@example.com'), { OPSDECK_RUN_TASKS: '0' })).toMatchObject({
    ...{ exit: 0, success: true, result: 'queued', path: 'queue' },
  });
  expect(await opsdeck(['tasks'])).toMatchObject({
    exit: 0,
    counts: { waiting: 1, running: 0, failed: 0, parked: 0 },
  });
  // Nobody else carries tasks out, so this command does, the one before's too.
  expect(await opsdeck(add('ANNA@example.com'))).toMatchObject({ exit: 0, result: 'created' });
  expect(await opsdeck(['mode', 'sync_direct'])).toMatchObject({ exit: 2, code: 'BAD_REQUEST' });
  expect(await opsdeck(['mode', 'sync_direct', '--yes'])).toMatchObject({ exit: 0, mode: 'sync_direct' });
  expect(await opsdeck(add('anna@example.com'))).toMatchObject({ exit: 0, success: true, result: 'skipped' });
  expect(await opsdeck(add('anna@example.com', '--key', 'other'))).toMatchObject({
    exit: 1,
    code: 'CONFLICT',
  });
  expect(await opsdeck(['accounts', 'list'])).toMatchObject({
    ...{ exit: 0, count: 1, accounts: [{ email: 'anna@example.com', plan: 'basic' }] },
  });
  expect(vendor.state.withEmail('anna@example.com')).toHaveLength(1);
  expect(await opsdeck(['mode'])).toMatchObject({
    exit: 0,
    mode: 'sync_direct',
    processes: [{ self: true }],
  });
  expect(await opsdeck(add('no-email'))).toMatchObject({ exit: 2, code: 'BAD_REQUEST' });
});

it('carries a request out directly where the queue cannot be reached, and raises CRITICAL', async () => {
  const answer = await opsdeck(add('anna@example.com', '--key', 'k-1'), {
    OPSDECK_QUEUE_URL: 'postgres://nobody:secret@127.0.0.1:1/none',
  });
  expect(answer).toMatchObject({ exit: 0, result: 'created', path: 'direct', key: 'k-1' });
  const raised = await database.query(`select message from system_health_logs where event_type = 'CRITICAL'`);
  expect(raised.rows).toHaveLength(1);
  expect(JSON.stringify([answer, raised.rows])).not.toContain('secret');
});

it('shows a list before it runs, runs what is right of it, and tells each row', async () => {
  const file = join(dataFolder(), 'list.csv');
  vendor.state.add('someone@example.com');
  writeFileSync(
    file,
    'email;name;plan\na@example.com;A;x\nA@example.com;A;x\nbad;B;x\nSomeone@example.com;S;x\n',
  );
  await database.query(
    `insert into system_config (key, value, updated_by) values ('mode', '"sync_direct"', 'test')`,
  );
  expect(await opsdeck(['accounts', 'add', '--file', file, '--dry-run'])).toMatchObject({
    ...{ exit: 0, dry_run: true, ready: 2, problems: 2 },
  });
  expect(await made()).toBe(0);
  const done = await opsdeck(['accounts', 'add', '--file', file]);
  expect(done).toMatchObject({ exit: 1, created: 1, failed: 1, total: 2 });
  expect(done['results']).toMatchObject([
    { line: 2, email: 'a@example.com', result: 'created' },
    { line: 5, result: 'refused' },
  ]);
  expect(await opsdeck(['accounts', 'add', '--file', 'nowhere.csv'])).toMatchObject({ exit: 2 });
});

it('says what is missing where no directory is configured', async () => {
  const answer = await opsdeck(add('anna@example.com'), { OPSDECK_DIRECTORY_TOKEN: '' });
  expect(answer).toMatchObject({ exit: 2, code: 'CONFIG_INVALID' });
  expect(answer['message']).toContain('OPSDECK_DIRECTORY_TOKEN');
});

it('a task of a killed agent is taken up by another at once, and the account is made once', async () => {
  const agents = [startCli(['agent'], environment())];
  const fault = vendor.faults.add({ when: ({ method }) => method === 'POST', do: { kind: 'hang' } });
  expect(await opsdeck(add('anna@example.com'))).toMatchObject({ exit: 0 });
  await vi.waitUntil(() => fault.hits > 0, { timeout: 120_000, interval: 20 });
  // The directory took it, and nobody heard.
  agents[0]!.child.kill('SIGKILL');
  await agents[0]!.ended;
  fault.remove();
  agents.push(startCli(['agent'], environment()));
  await vi.waitUntil(async () => (await made()) === 1, { timeout: 120_000, interval: 50 });
  agents[1]!.child.kill('SIGTERM');
  await agents[1]!.ended;
  expect(vendor.state.withEmail('anna@example.com')).toHaveLength(1);
}, 300_000);

it('rehearses both paths against the sandbox’s directory, and makes up nothing in any other', async () => {
  const same = { asked: 5, created: 5, skipped: 5, refused: 0, failed: 0, in_directory: 5 };
  expect(await opsdeck(['tasks', 'rehearse', '--requests', '5'])).toMatchObject({
    ...{ exit: 0, success: true, equal: true, requests: 5, queue: same, direct: same },
  });
  expect(await made()).toBe(0);
  expect(await opsdeck(['tasks', 'rehearse', '--requests', '201'])).toMatchObject({
    exit: 2,
    code: 'BAD_REQUEST',
  });
  // Anything that does not say it is the sandbox's: here an address behind which there is nothing.
  expect(
    await opsdeck(['tasks', 'rehearse'], { OPSDECK_DIRECTORY_URL: 'http://127.0.0.1:9/auth/v1' }),
  ).toMatchObject({ exit: 2, code: 'CONFIG_INVALID' });
});
