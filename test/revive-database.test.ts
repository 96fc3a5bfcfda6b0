import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../src/main/clock.ts';
import { loadConfig } from '../src/main/config.ts';
import { silentLog } from '../src/main/log.ts';
import { startOperations } from '../src/main/operations.ts';
import { openWorkspace } from '../src/main/workspace.ts';

test('an embedded server that dies under a running console is started again, and its data is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-revive-'));
  const clock = systemClock();
  const log = silentLog();
  const workspace = await openWorkspace({
    config: loadConfig({ OPSDECK_DATA_DIR: folder }),
    clock,
    log,
    kind: 'agent',
  });
  const operations = await startOperations({ workspace, log });
  const states: boolean[] = [];
  operations.subscribe((event) => {
    if (event.type === 'status') states.push(operations.awaySince() !== null);
  });
  try {
    await workspace.database.query(`insert into agents (user_id, name) values (7, 'Anna')`);
    const postmaster = () =>
      Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const killed = postmaster();
    process.kill(killed, 'SIGKILL');
    await expect.poll(() => operations.awaySince() !== null, { timeout: 10_000 }).toBe(true);
    await expect.poll(() => operations.awaySince(), { timeout: 20_000 }).toBeNull();
    expect(postmaster()).not.toBe(killed);
    const found = await workspace.database.query('select name from agents');
    expect(found.rows).toEqual([{ name: 'Anna' }]);
    expect(states).toContain(true);
  } finally {
    await operations.close();
    await workspace.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
