import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { fillOffice, fingerprint } from '../storage/backup/filled-office.ts';
import { dataFolder, documentOf, runCli } from './run-cli.ts';

// Every step is a process, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

const folder = dataFolder();
let database: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  [database, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await fillOffice(database, 300);
});
afterAll(() => Promise.all([database.drop(), other.drop()]));

async function db(args: string[], on = database) {
  const environment = { OPSDECK_DATABASE_URL: on.url, OPSDECK_DATA_DIR: folder };
  const result = await runCli(['db', ...args, '--json'], environment);
  expect(result.stderr).toBe('');
  return { exit: result.code, ...documentOf(result) } as Record<string, unknown> & { exit: number };
}

describe('db backup and db restore', () => {
  it('make a file, list it and put it back, with the exit codes of every command', async () => {
    const path = join(folder, 'mine', 'office.backup');
    const made = await db(['backup', path]);
    expect(made).toMatchObject({ exit: 0, success: true, file: path, rows: expect.any(Number) });
    expect(await db(['backup', path])).toMatchObject({ exit: 1, success: false, code: 'CONFLICT' });

    const unnamed = await db(['backup']);
    expect(existsSync(String(unnamed['file']))).toBe(true);
    const listed = await db(['backup', '--list']);
    expect(listed).toMatchObject({ exit: 0, count: 1, backups: [{ kind: 'manual', path: unnamed['file'] }] });
    // Another database's backups are not this one's.
    expect(await db(['backup', '--list'], other)).toMatchObject({ exit: 0, count: 0 });

    const deals = async (on: TestDatabase) => (await fingerprint(on))['deals'];
    expect(await db(['restore', path], other)).toMatchObject({
      exit: 0,
      rows: expect.any(Number),
      saved: null,
    });
    expect(await deals(other)).toBe(await deals(database));

    await database.query(`update deals set status = 'later'`);
    const refused = await db(['restore', path]);
    expect(refused).toMatchObject({
      exit: 2,
      code: 'BAD_REQUEST',
      message: expect.stringContaining('--yes'),
    });
    const restored = await db(['restore', path, '--yes', '--as', 'Anna']);
    expect(restored).toMatchObject({
      exit: 0,
      audit_ok: true,
      saved: expect.stringContaining('before-restore'),
    });
    expect(await deals(database)).toBe(await deals(other));
    const last = await database.query('select actor from audit_log order by id desc limit 1');
    expect(last.rows).toEqual([{ actor: 'Anna' }]);
  });

  it('say in words what is wrong with a file', async () => {
    const bad = join(folder, 'bad.backup');
    await writeFile(bad, 'not one');
    expect(await db(['restore', bad, '--yes'])).toMatchObject({ exit: 2, code: 'BAD_REQUEST' });
    const gone = await db(['restore', join(folder, 'gone.backup'), '--yes']);
    expect(gone).toMatchObject({ exit: 2, message: expect.stringContaining('no such file') });
    expect(await db(['restore'])).toMatchObject({ exit: 2 });
  });
});
