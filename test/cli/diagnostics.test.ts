import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createTestDatabase } from '../support/postgres.ts';
import { readZip } from '../system/diagnostics/read-zip.ts';
import { dataFolder, documentOf, runCli } from './run-cli.ts';

vi.setConfig({ testTimeout: 200_000 });

it('writes a file that opens, never over another, with a word for each part', async () => {
  const database = await createTestDatabase();
  const file = join(dataFolder(), 'help.zip');
  try {
    const environment = { OPSDECK_DATABASE_URL: database.url };
    const made = await runCli(['diagnostics', file, '--json'], environment);
    expect(made.code).toBe(0);
    const zip = readFileSync(file);
    expect(documentOf(made)).toMatchObject({ success: true, path: file, bytes: zip.length });
    expect(JSON.parse(readZip(zip).get('database.json')!)).toMatchObject({
      kind: 'team',
      schema: expect.any(Array) as string[],
    });
    const again = await runCli(['diagnostics', file, '--json'], environment);
    expect(again.code).toBe(2);
    expect(documentOf(again)).toMatchObject({ success: false, code: 'BAD_REQUEST' });
    expect(readFileSync(file)).toEqual(zip);
  } finally {
    await database.drop();
  }
});

it('is made where the database cannot be reached, and says so', async () => {
  const file = join(dataFolder(), 'help.zip');
  const url = 'postgres://anna:hemligt-lösen@127.0.0.1:9/opsdeck';
  const made = await runCli(['diagnostics', file], { OPSDECK_DATABASE_URL: url });
  expect(made.code).toBe(0);
  expect(made.stdout).toContain('database is missing:');
  const files = readZip(readFileSync(file));
  expect(files.get('database.json')).toContain('"missing"');
  expect(files.get('logs/cli.log')).toContain('[hidden] failed');
  expect([...files.values(), made.stdout].join('')).not.toMatch(/hemligt/);
});

it('refuses a place that cannot be written, and what it cannot read', async () => {
  const nowhere = join(dataFolder(), 'no', 'such', 'help.zip');
  const failed = await runCli(['diagnostics', nowhere], {
    OPSDECK_DATABASE_URL: 'postgres://u@127.0.0.1:9/x',
  });
  expect(failed).toMatchObject({ code: 2, stdout: '' });
  expect(existsSync(nowhere)).toBe(false);
  expect((await runCli(['diagnostics'], { OPSDECK_LOG_LEVEL: 'loud' })).code).toBe(2);
});
