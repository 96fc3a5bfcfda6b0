import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogQuestion } from '../../../src/shared/contract/log.ts';
import { openLog } from '../../../src/main/log.ts';
import { openRotatingFile } from '../../../src/main/rotating-file.ts';
import { readLogNews, readLogPage } from '../../../src/main/system/log/read-log.ts';

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'opsdeck-read-log-'));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

const all: LogQuestion = { log: 'console', level: 'debug', search: '', part: null };
const line = (n: number, more: Record<string, unknown> = {}) =>
  `${JSON.stringify({ level: 'info', time: '2026-11-16T11:00:00.000Z', pid: 1, message: `line ${n}`, ...more })}\n`;

/** Every line there is, page by page from the end, oldest first. */
async function readBack(place: string, limit: number, query = all, between = () => {}) {
  const pages = [];
  for (let before: string | null = null, page = await readLogPage(place, { ...query, before, limit }); ;) {
    pages.push(page.lines);
    if (page.before === null) return pages.toReversed().flat();
    between();
    before = page.before;
    page = await readLogPage(place, { ...query, before, limit });
  }
}

describe('a page of the log', () => {
  it('goes back through all rotated files, each line once, whatever their lengths, also when they are rotated meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 60_000, max: 140_000 })), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (lengths, limit, rotates) => {
          const place = folder();
          const file = openRotatingFile({ folder: place, name: 'console', maxBytes: 40_000, files: 200 });
          lengths.slice(0, 18).forEach((length, n) => file.write(line(n, { text: 'å'.repeat(length) })));
          let written = 1_000;
          const found = await readBack(place, limit, all, () => {
            if (rotates) file.write(line((written += 1), { text: 'x'.repeat(50_000) }));
          });
          file.close();
          expect(found.map(({ message }) => message)).toEqual(
            lengths.slice(0, 18).map((_length, n) => `line ${n}`),
          );
          expect(found.every(({ damaged }) => !damaged)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reads a little of a file of eight gigabytes, where reading it whole cannot end well', async () => {
    const place = folder();
    const path = join(place, 'console.log');
    writeFileSync(path, line(1));
    // Sparse: it takes no room on the disk.
    truncateSync(path, 8 * 1024 ** 3);
    appendFileSync(path, `\n${line(2)}${line(3)}`);
    const page = await readLogPage(place, { ...all, before: null, limit: 100 });
    expect(page.lines.slice(-2).map(({ message }) => message)).toEqual(['line 2', 'line 3']);
    expect(page.lines[0]).toMatchObject({ damaged: true, level: null });
    expect(page.lines[0]!.raw.length).toBeLessThan(10_000);
    expect(page.before).not.toBeNull();
    await expect(readFile(path)).rejects.toThrow();
  });

  it('answers by level, part and text, and says how far it looked where little is found', async () => {
    const place = folder();
    const log = openLog({ folder: place, name: 'console', level: 'debug' });
    const sync = log.child('sync');
    for (let n = 0; n < 9_000; n++) sync.child('deals').info(`Pass ${n}`, { filler: 'x'.repeat(150) });
    log.child('synchro').info('Not a part of it');
    sync.warn('Slow', { took: 4_711 });
    log.error('It failed', { error: new Error('the disk is full') });
    log.debug('quiet');
    log.close();
    const ask = (query: Partial<LogQuestion>) =>
      readLogPage(place, { ...all, ...query, before: null, limit: 50 });
    expect((await ask({ level: 'warn' })).lines.map(({ message }) => message)).toEqual(['Slow', 'It failed']);
    expect((await ask({ part: 'sync' })).lines.at(-1)).toMatchObject({
      message: 'Slow',
      fields: 'took=4711',
    });
    expect((await ask({ part: 'sync' })).lines.some(({ part }) => part === 'synchro')).toBe(false);
    expect((await ask({ search: 'DISK is' })).lines[0]).toMatchObject({ fields: 'error=the disk is full' });
    const rare = await ask({ search: 'Pass 7,' });
    expect(rare.lines).toEqual([]);
    expect(rare.before).not.toBeNull();
    expect(rare.looked_back_to).not.toBeNull();
    expect(rare.parts).toEqual(['sync', 'sync/deals', 'synchro']);
    expect(rare.logs).toEqual([{ name: 'console', bytes: expect.any(Number) as number }]);
    expect(await readBack(place, 50, { ...all, search: 'pass 77 ' })).toEqual([]);
    expect((await readBack(place, 50, { ...all, search: 'pass 8' })).length).toBe(1_111);
  });

  it('shows what no line of ours is as damaged, with its text, and goes on', async () => {
    const place = folder();
    writeFileSync(
      join(place, 'console.log'),
      `${line(1)}{"level":"info","time":"2026-11-1${line(2)}\u0000\u0000\n{"level":"shout","message":"x"}\n${line(3)}`,
    );
    const { lines } = await readLogPage(place, { ...all, level: 'error', before: null, limit: 10 });
    expect(lines.map(({ damaged }) => damaged)).toEqual([true, true, true]);
    expect(lines[0]!.message).toContain('"2026-11-1{"level"');
    const page = await readLogPage(place, { ...all, before: null, limit: 10 });
    expect(page.lines).toHaveLength(5);
    expect(page.before).toBeNull();
  });

  it('is empty where there is no log, and tells which there are', async () => {
    const place = folder();
    writeFileSync(join(place, 'agent.log'), line(1));
    const page = await readLogPage(place, { ...all, before: null, limit: 10 });
    expect(page).toMatchObject({ lines: [], before: null, after: null, logs: [{ name: 'agent' }] });
    await expect(readLogPage(join(place, 'agent.log'), { ...all, before: null, limit: 1 })).rejects.toThrow();
  });
});

describe('what the log is given', () => {
  it('comes once, in order, through a rotation, and only when a line is finished', async () => {
    const place = folder();
    const path = join(place, 'console.log');
    writeFileSync(path, line(1));
    let { after } = await readLogPage(place, { ...all, before: null, limit: 10 });
    const next = async () => {
      const news = await readLogNews(place, { ...all, after: after! });
      ({ after } = news);
      return news.lines.map(({ message }) => message);
    };
    expect(await next()).toEqual([]);
    const second = line(2);
    appendFileSync(path, second.slice(0, 30));
    expect(await next()).toEqual([]);
    appendFileSync(path, second.slice(30));
    expect(await next()).toEqual(['line 2']);
    appendFileSync(path, line(3));
    renameSync(path, join(place, 'console.1.log'));
    writeFileSync(path, line(4));
    expect(await next()).toEqual(['line 3', 'line 4']);
    expect(await next()).toEqual([]);
  });

  it('says so when its place is gone, and where there is more than comes at once', async () => {
    const place = folder();
    const path = join(place, 'console.log');
    writeFileSync(path, line(1));
    const { after } = await readLogPage(place, { ...all, before: null, limit: 10 });
    appendFileSync(path, Array.from({ length: 1_200 }, (_, n) => line(n + 2)).join(''));
    const first = await readLogNews(place, { ...all, after: after! });
    expect(first).toMatchObject({ more: true, lost: false });
    expect(first.lines).toHaveLength(500);
    truncateSync(path, 10);
    expect(await readLogNews(place, { ...all, after: first.after! })).toMatchObject({
      lost: true,
      lines: [],
    });
  });
});
