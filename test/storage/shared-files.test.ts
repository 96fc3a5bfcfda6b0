import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { createOutbox } from '../../src/main/outbox/outbox.ts';
import { shareDurableFile } from '../../src/main/storage/durable-file.ts';
import { openMirrorFile } from '../../src/main/storage/mirror-file.ts';
import { openSqlite, type Sqlite } from '../../src/main/storage/sqlite.ts';
import { databaseId, decision } from '../outbox/outbox-office.ts';

const folder = mkdtempSync(join(tmpdir(), 'opsdeck-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Another program that has the file's write lock until it is told to let go. */
async function holdLock(path: string): Promise<{ letGo(): Promise<void> }> {
  const program = `
    import { openSqlite } from ${JSON.stringify(join(import.meta.dirname, '../../src/main/storage/sqlite.ts'))};
    const sqlite = openSqlite(${JSON.stringify(path)});
    sqlite.exec('begin immediate');
    console.log('held');
    process.stdin.once('data', () => { sqlite.exec('rollback'); process.exit(0); });`;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', program],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  await once(createInterface(child.stdout), 'line');
  return {
    async letGo() {
      child.stdin.end('go\n');
      await ended;
    },
  };
}

describe('a local file that another program uses too (SQ-7)', () => {
  it('refuses a decision in a sentence instead of standing still, and takes it once the other lets go', async () => {
    const path = join(folder, 'locked.sqlite');
    const durable = shareDurableFile(path, { wall: () => 0, onDamage: () => {} });
    const outbox = createOutbox(durable, systemClock());
    outbox.keep(databaseId, decision({ id: 1, version: 1 }));
    const lock = await holdLock(path);
    const began = performance.now();
    expect(() => outbox.keep(databaseId, decision({ id: 2, version: 1 }))).toThrow(/Nothing was saved/);
    // SQLite's own wait, during which main stands still, is set to 200 ms; the naive setting would wait on.
    console.log(`refused after ${Math.round(performance.now() - began)} ms`);
    expect(durable.open().pragma('busy_timeout', { simple: true })).toBe(200);
    expect(outbox.waitingCases(databaseId)).toEqual(new Set([1]));
    await lock.letGo();
    outbox.keep(databaseId, decision({ id: 2, version: 1 }));
    expect(outbox.waitingCases(databaseId)).toEqual(new Set([1, 2]));
    durable.close();
  });
});

describe('the write-ahead log of a local file (SQ-8)', () => {
  const limit = 16 * 1024 * 1024;
  const body = 'x'.repeat(4_000);

  /** Many commits while somebody reads, so that nothing can be taken over from the log; answers its size in the end. */
  function writeBesideReader(path: string, sqlite: Sqlite): { during: number; after: number } {
    sqlite.exec('create table if not exists filler (body text)');
    const reader = openSqlite(path);
    reader.exec('begin; select count(*) from filler');
    reader.prepare('select count(*) from filler').get();
    const insert = sqlite.prepare('insert into filler values (?)');
    const many = sqlite.transaction(() => {
      for (let row = 0; row < 500; row += 1) insert.run(body);
    });
    for (let commit = 0; commit < 20; commit += 1) many();
    const during = statSync(`${path}-wal`).size;
    reader.exec('commit');
    reader.close();
    // The first commit takes the log over, the second begins it anew.
    for (let commit = 0; commit < 2; commit += 1) insert.run(body);
    return { during, after: statSync(`${path}-wal`).size };
  }

  it.each(['durable', 'mirror'])('of the %s file is cut back once a long reader has ended', (kind) => {
    const path = join(folder, `${kind}.sqlite`);
    const durable = shareDurableFile(path, { wall: () => 0, onDamage: () => {} });
    const sqlite = kind === 'durable' ? durable.open() : openMirrorFile(path, 0).sqlite!;
    const { during, after } = writeBesideReader(path, sqlite);
    expect(during).toBeGreaterThan(limit);
    expect(after).toBeLessThanOrEqual(limit);
    sqlite.close();
  });

  it('would stay as large as it ever was without a limit (the naive file)', () => {
    const path = join(folder, 'naive.sqlite');
    const sqlite = openSqlite(path);
    sqlite.pragma('journal_mode = WAL');
    expect(writeBesideReader(path, sqlite).after).toBeGreaterThan(limit);
    sqlite.close();
  });
});
