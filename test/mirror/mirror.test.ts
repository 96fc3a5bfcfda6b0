import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/main/clock.ts';
import { openMirror, type Mirror } from '../../src/main/mirror/mirror.ts';
import { openSqlite } from '../../src/main/storage/sqlite.ts';
import type { Log } from '../../src/main/log.ts';

const numbers = z.object({ n: z.number() });
const folder = () => mkdtempSync(join(tmpdir(), 'opsdeck-mirror-'));

function open(path: string, place = 'north/opsdeck') {
  const told: string[] = [];
  let lost = 0;
  const log: Log = {
    debug() {},
    info() {},
    warn: (text) => void told.push(text),
    error() {},
    child: () => log,
  };
  const mirror = openMirror(path, { place, clock: systemClock(), log, onLost: () => (lost += 1) });
  return { mirror, told, lost: () => lost };
}

const row = (id: number, text = `row ${id}`) => ({
  id,
  position: String(10_000 - id),
  search: text.toLowerCase(),
  body: JSON.stringify({ n: id }),
});

async function fill(mirror: Mirror, count = 1_000): Promise<void> {
  mirror.adopt('one database');
  const put = Array.from({ length: count }, (_, index) => row(index + 1));
  expect(await mirror.write({ topics: { about: { n: 7 } }, rows: { topic: 'cases', put, remove: [] } })).toBe(
    true,
  );
  mirror.confirm(new Date('2026-11-22T10:00:00Z'));
}

async function filled(): Promise<string> {
  const path = join(folder(), 'mirror.sqlite');
  const { mirror } = open(path);
  await fill(mirror);
  await mirror.close();
  return path;
}

describe('the mirror', () => {
  it('answers after a restart what was written, in order, by page and search, without what is left out', async () => {
    const { mirror } = open(await filled());
    expect(mirror.confirmedAt()?.toISOString()).toBe('2026-11-22T10:00:00.000Z');
    expect(mirror.topic('about', numbers)).toEqual({ n: 7 });
    const page = mirror.page('cases', { limit: 3, offset: 1 }, numbers);
    expect(page).toEqual({ rows: [{ n: 999 }, { n: 998 }, { n: 997 }], count: 1_000 });
    expect(
      mirror.page('cases', { limit: 9, offset: 0, search: 'ROW 77', except: new Set([777]) }, numbers),
    ).toMatchObject({
      count: 10,
    });
    expect(mirror.row('cases', 12, numbers)).toEqual({ n: 12 });
    await mirror.write({ rows: { topic: 'cases', put: [row(5)], remove: [], whole: true } });
    expect(mirror.all('cases', numbers)).toEqual([{ n: 5 }]);
    await mirror.close();
  });

  it('is never shown for another database', async () => {
    const path = await filled();
    const elsewhere = open(path, 'south/opsdeck').mirror;
    expect([elsewhere.identity(), elsewhere.topic('about', numbers), elsewhere.confirmedAt()]).toEqual([
      null,
      null,
      null,
    ]);
    await elsewhere.close();
    const again = open(path).mirror;
    expect(again.identity()).toBe('one database');
    again.adopt('another one at the same address');
    expect([again.topic('about', numbers), again.all('cases', numbers), again.confirmedAt()]).toEqual([
      null,
      [],
      null,
    ]);
    await again.close();
  });

  it('shows no number that was changed on the disk', async () => {
    const path = await filled();
    const sqlite = openSqlite(path);
    sqlite.exec(`update rows set body = '{"n":4}' where id = 3; update topics set body = '{"n":8}'`);
    sqlite.close();
    const { mirror } = open(path);
    expect([mirror.row('cases', 3, numbers), mirror.topic('about', numbers)]).toEqual([null, null]);
    expect(mirror.all('cases', numbers)).toHaveLength(999);
    await mirror.close();
  });

  it('is begun anew, and works, whatever became of its file (SQ-5)', async () => {
    const whole = await filled();
    const harms: Record<string, (path: string) => void> = {
      deleted: (path) => rmSync(path),
      empty: (path) => writeFileSync(path, ''),
      'a letter': (path) => writeFileSync(path, 'Dear sir, '.repeat(2_000)),
      'cut off': (path) => truncateSync(path, 9_000),
      'zeroed page': (path) => writeFileSync(path, readFileSync(path).fill(0, 0, 4_096)),
      flipped: (path) =>
        writeFileSync(
          path,
          readFileSync(path).map((byte, at) => (at > 100 && at % 7 === 0 ? byte ^ 0xff : byte)),
        ),
      'of another version': (path) => {
        const sqlite = openSqlite(path);
        sqlite.pragma('user_version = 99');
        sqlite.close();
      },
      'a folder': (path) => {
        rmSync(path);
        mkdirSync(join(path, 'inside'), { recursive: true });
      },
    };
    for (const [name, harm] of Object.entries(harms)) {
      const path = join(folder(), 'mirror.sqlite');
      copyFileSync(whole, path);
      harm(path);
      const { mirror, told } = open(path);
      // Anything but a wrong answer: what is left of it, or nothing.
      expect(
        mirror.all('cases', numbers).every(({ n }) => n >= 1 && n <= 1_000),
        name,
      ).toBe(true);
      mirror.topic('about', numbers);
      await fill(mirror);
      expect([name, mirror.all('cases', numbers).length]).toEqual([name, 1_000]);
      if (name !== 'deleted' && name !== 'empty') expect([name, told.length > 0]).toEqual([name, true]);
      await mirror.close();
    }
  });

  it('where there can be no file it is kept in memory, and said so', async () => {
    const { mirror, told } = open('/proc/nowhere/mirror.sqlite');
    await fill(mirror);
    expect(mirror.all('cases', numbers)).toHaveLength(1_000);
    expect(told).toEqual([expect.stringContaining('There can be no local copy')]);
    await mirror.close();
  });

  it('begun anew in the middle of its work it asks to be filled again', async () => {
    const path = await filled();
    const { mirror, lost } = open(path);
    const other = openSqlite(path);
    other.exec('drop table rows');
    other.close();
    expect(mirror.all('cases', numbers)).toEqual([]);
    expect(lost()).toBe(1);
    expect(existsSync(path)).toBe(true);
    await fill(mirror);
    expect(mirror.all('cases', numbers)).toHaveLength(1_000);
    await mirror.close();
  });

  it('leaves main free while it writes much', async () => {
    const { mirror } = open(join(folder(), 'mirror.sqlite'));
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    await fill(mirror, 10_000);
    clearInterval(count);
    expect(turns).toBeGreaterThan(10);
    await mirror.close();
  });
});
