import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startPlainVendor, wireLead, type PlainVendor } from './plain-vendor.ts';
import { documentOf, runCli, startCli, type RunningCli } from './run-cli.ts';

// Every step is a process, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

describe('several processes on one database', () => {
  let database: TestDatabase;
  let vendor: PlainVendor;
  const running: RunningCli[] = [];

  beforeEach(async () => {
    [database, vendor] = await Promise.all([createTestDatabase(), startPlainVendor()]);
    for (let n = 0; n < 60; n++) vendor.leads.push(wireLead(900_000_000 + n, 10 + n));
    vendor.users.push({ id: 41001, name: 'Anna' });
    vendor.campaigns.push({ id: 7101, name: 'Kall' });
  });
  afterEach(async () => {
    for (const { child } of running.splice(0)) child.kill('SIGKILL');
    await vendor.close();
    await database.drop();
  });

  const environment = () => ({
    OPSDECK_DATABASE_URL: database.url,
    OPSDECK_NOW: '2026-11-16T11:00:00Z',
    ...vendor.environment,
  });
  const start = (args: string[]) => {
    const cli = startCli(args, environment());
    running.push(cli);
    return cli;
  };
  const count = async (sql: string) => Number((await database.query<{ count: string }>(sql)).rows[0]!.count);
  const until = async (what: () => Promise<boolean> | boolean) => {
    for (let tries = 0; !(await what()); tries++) {
      if (tries > 600) throw new Error('it did not happen');
      await sleep(50);
    }
  };

  it("that start at once double nothing and stay inside the vendor's limits", async () => {
    vendor.behaviour.pageSizeCap = 10;
    vendor.behaviour.delayMs = 60;
    const agent = start(['agent']);
    const [one, two] = await Promise.all(
      [start(['sync', 'deals', '--json']), start(['sync', 'deals', '--json'])].map((cli) => cli.ended),
    );
    for (const result of [one!, two!]) {
      expect(result.code).toBe(0);
      expect(documentOf(result)).toMatchObject({ success: true, rejected: 0, removed: 0 });
    }
    await until(
      async () =>
        (await count(
          `select count(*) from sync_runs where trigger = 'schedule' and source = 'deals' and state = 'complete'`,
        )) > 0,
    );
    agent.child.kill('SIGINT');
    expect((await agent.ended).code).toBe(0);
    expect(await count('select count(*) from deals')).toBe(60);
    expect(await count('select count(distinct lead_id) from deals')).toBe(60);
    expect(await count("select sum(inserted) as count from sync_runs where source = 'deals'")).toBe(60);
    expect(await count('select count(*) from deal_history')).toBe(0);
    expect(await count(`select count(*) from sync_runs where state <> 'complete'`)).toBe(0);
    expect(vendor.seen.refused).toBe(0);
    expect(vendor.seen.mostAtOnce).toBeLessThanOrEqual(2);
    expect(vendor.seen.mostPerMinute).toBeLessThanOrEqual(60);
    expect(await count('select count(*) from processes')).toBe(0);
  });

  it('one killed in the middle of a pass leaves nothing, and the next run does it all', async () => {
    vendor.behaviour.pageSizeCap = 10;
    vendor.behaviour.delayMs = 150;
    const victim = start(['sync', 'deals', '--json']);
    await until(() => vendor.seen.asked.some((asked) => asked.page === 4));
    victim.child.kill('SIGKILL');
    expect((await victim.ended).signal).toBe('SIGKILL');
    expect(await count('select count(*) from deals')).toBe(0);
    vendor.behaviour.delayMs = 0;
    const again = await runCli(['sync', 'deals', '--json'], environment());
    expect(again.code).toBe(0);
    expect(documentOf(again)).toMatchObject({ inserted: 60, complete: true });
    expect(vendor.seen.refused).toBe(0);
  });

  it('one told to stop leaves nothing, says so, and is out of the way at once', async () => {
    vendor.behaviour.pageSizeCap = 10;
    vendor.behaviour.delayMs = 150;
    const stopped = start(['sync', 'deals', '--json']);
    await until(() => vendor.seen.asked.some((asked) => asked.page === 3));
    const asked = Date.now();
    stopped.child.kill('SIGINT');
    const result = await stopped.ended;
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(documentOf(result)).toMatchObject({ success: false, code: 'CANCELLED' });
    expect(await count('select count(*) from deals')).toBe(0);
    expect(await count(`select count(*) from sync_runs where state = 'cancelled'`)).toBe(1);
    vendor.behaviour.delayMs = 0;
    const again = await runCli(['sync', 'deals', '--json'], environment());
    expect(documentOf(again)).toMatchObject({ inserted: 60 });
  });
});
