import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { documentOf, runCli, startCli } from './run-cli.ts';

vi.setConfig({ testTimeout: 180_000 });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('the agent host’s HTTP API', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is on by the environment, takes its token and those made by command, and ends with the agent', async () => {
    const port = await freePort();
    const environment = { OPSDECK_DATABASE_URL: database.url };
    const token = 'the-token-of-the-environment';
    const agent = startCli(['agent', '--json'], {
      ...environment,
      OPSDECK_HTTP_PORT: String(port),
      OPSDECK_HTTP_TOKEN: token,
    });
    const ask = (path: string, bearer: string | null, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        ...init,
        headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` },
      });
    await vi.waitFor(async () => expect((await ask('/health', null)).status).toBe(200), {
      timeout: 90_000,
      interval: 100,
    });
    expect((await ask('/api/leaderboard', null)).status).toBe(401);
    expect(await (await ask('/api/leaderboard', token)).json()).toEqual([]);
    const pending = await ask('/api/admin/duplicates/pending', token);
    expect(await pending.json()).toEqual({ success: true, pending: [], count: 0 });

    const made = documentOf(
      await runCli(['tokens', 'add', 'Skript', '--scope', 'read', '--json'], environment),
    );
    expect(made).toMatchObject({ success: true, name: 'Skript', scopes: ['read'] });
    const own = String(made['token']);
    expect((await ask('/api/leaderboard', own)).status).toBe(200);
    expect((await ask('/api/admin/cache/invalidate', own, { method: 'POST' })).status).toBe(403);
    const twice = await runCli(['tokens', 'add', 'skript', '--json'], environment);
    expect([twice.code, documentOf(twice)['code']]).toEqual([1, 'CONFLICT']);
    const listed = await runCli(['tokens', 'list', '--json'], environment);
    expect(documentOf(listed)).toMatchObject({ count: 1, tokens: [{ name: 'Skript' }] });
    expect(listed.stdout).not.toContain(own);
    const revoked = await runCli(['tokens', 'revoke', String(made['id']), '--json'], environment);
    expect(revoked.code).toBe(0);
    await vi.waitFor(async () => expect((await ask('/api/leaderboard', own)).status).toBe(401), {
      timeout: 30_000,
    });

    const stream = await ask('/api/events', token);
    agent.child.kill('SIGTERM');
    await stream.text();
    const { code, stderr } = await agent.ended;
    expect([code, stderr]).toEqual([0, '']);
  });

  it('that cannot have its port is refused with a sentence, exit 2', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const failed = await runCli(['agent', '--json'], {
      OPSDECK_DATABASE_URL: database.url,
      OPSDECK_HTTP_PORT: String(port),
      OPSDECK_HTTP_TOKEN: 'x',
    });
    taken.close();
    const document = documentOf(failed);
    expect([failed.code, document['code']]).toEqual([2, 'CONFIG_INVALID']);
    expect(document['message']).toContain(String(port));
  });
});
