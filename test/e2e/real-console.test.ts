import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildConsole, launchConsole, readIfThere, spawnConsole, waitFor } from './launch-console.ts';

beforeAll(() => buildConsole('real'));

describe('the console itself', () => {
  it('shows its data under the strict policy, warns of nothing, and stops its database', async () => {
    const launched = await launchConsole({
      program: 'real',
      env: { OPSDECK_SANDBOX: '1', OPSDECK_DATABASE_URL: '', ELECTRON_ENABLE_SECURITY_WARNINGS: '1' },
    });
    const lines: string[] = [];
    launched.page.on('console', (line) => lines.push(`${line.type()} ${line.text()}`));
    launched.page.on('pageerror', (error) => lines.push(`error ${error.message}`));
    const log = () => readIfThere(join(launched.dataFolder, 'logs', 'console.log'));
    await waitFor(() => log().includes('Working on'), 'running services');
    await launched.page.reload();
    await waitFor(
      () => launched.page.evaluate(() => document.querySelectorAll('[role="row"]').length > 1),
      'the first rows',
    );
    // Late warnings of Electron come a moment after the load.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(lines).toEqual([]);
    expect(log()).not.toContain('"part":"window","');
    const database = Number(/started \(process (\d+)/.exec(log())?.[1]);
    expect(database).toBeGreaterThan(0);
    await launched.close();
    expect(log()).toContain('"message":"Stopped"');
    expect(() => process.kill(database, 0)).toThrow('ESRCH');
  });

  it('refuses a configuration that cannot be read with one sentence and exit code 2', async () => {
    const started = await spawnConsole({
      program: 'real',
      env: { OPSDECK_DATABASE_URL: 'postgres://u:canary@' },
    });
    expect((await started.ended).code).toBe(2);
    expect(started.output()).toContain('OPSDECK_DATABASE_URL cannot be read');
    expect(started.output()).not.toContain('canary');
    expect(started.output()).not.toMatch(/\n\s+at /);
  });
});
