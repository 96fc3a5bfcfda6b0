import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openDurableFile } from '../../src/main/storage/durable-file.ts';

const place = () => join(mkdtempSync(join(tmpdir(), 'opsdeck-durable-')), 'durable.sqlite');
const wall = Date.parse('2026-11-22T10:00:00Z');
const tables = (path: string) => {
  const { sqlite } = openDurableFile(path, wall);
  const found = sqlite
    .prepare("select name from sqlite_schema where type = 'table' order by name")
    .pluck()
    .all();
  sqlite.close();
  return found;
};

it('syncs every commit and keeps what was written', () => {
  const path = place();
  const first = openDurableFile(path, wall);
  first.sqlite.prepare("insert into walls values ('a', 'then')").run();
  // Read after a write: the build puts WAL files to NORMAL with the first one.
  expect(first.sqlite.pragma('synchronous', { simple: true })).toBe(2);
  expect(first.sqlite.pragma('journal_mode', { simple: true })).toBe('wal');
  first.sqlite.close();
  const second = openDurableFile(path, wall);
  expect(second.setAside).toBeNull();
  expect(second.sqlite.prepare('select attended_at from walls').pluck().get()).toBe('then');
  second.sqlite.close();
});

it('sets a damaged file aside, whole, and begins anew', () => {
  const kinds: [string, (path: string) => void][] = [
    ['not a database', (path) => writeFileSync(path, 'once a database, now a letter'.repeat(200))],
    [
      'flipped',
      (path) =>
        writeFileSync(
          path,
          readFileSync(path).map((byte, at) => (at > 100 ? byte ^ 0xff : byte)),
        ),
    ],
    ['cut off', (path) => writeFileSync(path, readFileSync(path).subarray(0, 5_000))],
  ];
  for (const [kind, harm] of kinds) {
    const path = place();
    expect(tables(path)).toEqual([
      'alert_incidents',
      'alert_places',
      'alert_results',
      'kept_events',
      'outbox',
      'plings',
      'spool',
      'sqlite_sequence',
      'walls',
    ]);
    harm(path);
    const harmed = readFileSync(path);
    const opened = openDurableFile(path, wall);
    expect([kind, opened.setAside]).toEqual([kind, `${path}.bad-${wall}`]);
    expect(readFileSync(opened.setAside!)).toEqual(harmed);
    opened.sqlite.prepare("insert into walls values ('a', 'now')").run();
    opened.sqlite.close();
    expect(readdirSync(join(path, '..')).sort()).toContain('durable.sqlite');
  }
});

it('leaves the file of a newer program alone', () => {
  const path = place();
  const { sqlite } = openDurableFile(path, wall);
  sqlite.pragma('user_version = 99');
  sqlite.close();
  expect(() => openDurableFile(path, wall)).toThrow(/newer Opsdeck/);
  expect(readdirSync(join(path, '..'))).toEqual(['durable.sqlite']);
});

it('says that there can be none where nothing can be written', () => {
  expect(() => openDurableFile('/proc/nowhere/durable.sqlite', wall)).toThrow();
});
