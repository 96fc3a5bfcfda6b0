import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startDirectory, type DirectorySandbox } from '../../src/main/sandbox/directory/start-directory.ts';
import { startControlledPostgres, type ControlledPostgres } from '../faults/support/controlled-postgres.ts';
import { dataFolder, startCli, type RunningCli } from './run-cli.ts';

/* A request for an account made while Postgres is stopped, over HTTP to an agent host, through the agent's own death. */

vi.setConfig({ testTimeout: 300_000 });

const token = 'the-token-of-the-environment';
let server: ControlledPostgres;
let vendor: DirectorySandbox;
let port: number;
const folder = dataFolder();

beforeAll(async () => {
  server = await startControlledPostgres();
  vendor = await startDirectory();
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  ({ port } = free.address() as AddressInfo);
  await new Promise((resolve) => free.close(resolve));
});
afterAll(async () => {
  await vendor?.close();
  await server?.close();
});

async function startAgent(): Promise<RunningCli> {
  const agent = startCli(['agent'], {
    ...{ OPSDECK_DATA_DIR: folder, OPSDECK_DATABASE_URL: server.url },
    ...{ OPSDECK_DIRECTORY_URL: vendor.url, OPSDECK_DIRECTORY_TOKEN: vendor.token },
    ...{ OPSDECK_HTTP_PORT: String(port), OPSDECK_HTTP_TOKEN: token },
  });
  await vi.waitFor(async () => expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200), {
    timeout: 90_000,
    interval: 100,
  });
  return agent;
}

async function ask(email: string, more: object = {}): Promise<Record<string, unknown>> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/admin/accounts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ email, name: 'Anna Berg', plan: 'basic', ...more }),
  });
  return { status: answer.status, ...((await answer.json()) as Record<string, unknown>) };
}
const inDirectory = (email: string) => vendor.state.withEmail(email).length;

it('waits on disk, is asked as often as one likes, and is carried out once when the database is back', async () => {
  let agent = await startAgent();
  try {
    // One before, so that this host knows its database.
    expect(await ask('first@example.com')).toMatchObject({ success: true });
    await vi.waitFor(() => expect(inDirectory('first@example.com')).toBe(1), { timeout: 60_000 });
    await server.stop('immediate');
    const kept = await vi.waitFor(
      async () => {
        const answer = await ask('anna@example.com');
        expect(answer).toMatchObject({ status: 202, success: true, result: 'kept', path: 'outbox' });
        return answer;
      },
      { timeout: 60_000, interval: 200 },
    );
    expect(await ask('ANNA@example.com')).toMatchObject({ status: 202, key: kept['key'] });
    expect(await ask('anna@example.com', { plan: 'gold' })).toMatchObject({ status: 409, code: 'CONFLICT' });
    expect(inDirectory('anna@example.com')).toBe(0);
    // It outlives whoever took it.
    agent.child.kill('SIGKILL');
    await agent.ended;
    await server.start();
    agent = await startAgent();
    await vi.waitFor(() => expect(inDirectory('anna@example.com')).toBe(1), { timeout: 60_000 });
    await vi.waitFor(
      async () =>
        expect(
          await server.onOffice(
            `select email, request_key as key from accounts where email = 'anna@example.com'`,
          ),
        ).toEqual([{ email: 'anna@example.com', key: kept['key'] }]),
      { timeout: 60_000 },
    );
    expect(await ask('anna@example.com')).toMatchObject({ status: 200, success: true, result: 'skipped' });
    expect(inDirectory('anna@example.com')).toBe(1);
  } finally {
    agent.child.kill('SIGTERM');
    await agent.ended;
  }
});
