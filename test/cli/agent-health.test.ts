import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openSqlite } from '../../src/main/storage/sqlite.ts';
import { startControlledPostgres } from '../faults/support/controlled-postgres.ts';
import { dataFolder, startCli } from './run-cli.ts';

vi.setConfig({ testTimeout: 200_000 });

const until = async (what: string, isSo: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 600; tries++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${what}`);
};

it('an agent host keeps what it has to tell through an outage, and writes it once the database is back', async () => {
  const server = await startControlledPostgres();
  const folder = dataFolder();
  let said = '';
  const start = () => {
    const begun = startCli(['agent'], { OPSDECK_DATABASE_URL: server.url, OPSDECK_DATA_DIR: folder });
    begun.child.stdout?.on('data', (text: string) => (said += text));
    return begun;
  };
  let agent = start();
  const told = async () =>
    (
      await server.onOffice<{ event_type: string }>(
        `select event_type from system_health_logs where incident like 'database-away:%' order by created_at, id`,
      )
    ).map((row) => row.event_type);
  const kept = () => {
    const sqlite = openSqlite(join(folder, 'durable.sqlite'));
    try {
      return sqlite.prepare<[], { payload: string }>('select payload from kept_events').all();
    } finally {
      sqlite.close();
    }
  };
  try {
    await until('the agent host', () => said.includes('Agent host started'));
    await server.stop('immediate');
    await until('the event on disk', () => kept().length === 1);
    expect(kept()[0]!.payload).toContain('database-away');
    await server.start();
    await until('the kept events to be sent', () => kept().length === 0);
    expect(await told()).toEqual(['ERROR', 'INFO']);
    // Killed while the database is away: its next run ends what this one began.
    await server.stop('immediate');
    await until('the next event on disk', () => kept().length === 1);
    agent.child.kill('SIGKILL');
    await agent.ended;
    await server.start();
    agent = start();
    await until('its end', async () => (await told()).length === 4);
    expect(await told()).toEqual(['ERROR', 'INFO', 'ERROR', 'INFO']);
  } finally {
    agent.child.kill('SIGTERM');
    expect((await agent.ended).code).toBe(0);
    await server.close();
  }
});
