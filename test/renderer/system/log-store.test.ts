import { describe, expect, it } from 'vitest';
import type { LogLine, LogNews, LogPage, LogQuestion } from '../../../src/shared/contract/log.ts';
import { createLogStore } from '../../../src/renderer/system/log-store.ts';

const line = (n: number): LogLine => ({
  ...{ place: `1:${n}`, at: '2026-11-16T11:00:00.000Z', level: 'info', part: n % 2 ? 'sync' : 'tasks' },
  ...{ message: `line ${n}`, fields: '', raw: `raw ${n}`, damaged: false },
});

/** A log of so many lines, of which each page looks at 100, and a place where answers are held back. */
function office(count: number) {
  let written = count;
  let gate: Promise<void> = Promise.resolve();
  const asked: string[] = [];
  const fits = ({ message }: LogLine, { search }: LogQuestion) => message.endsWith(search);
  const range = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => line(from + i));
  const store = createLogStore({
    async page(query): Promise<LogPage> {
      asked.push(query.before ?? 'end');
      const end = query.before === null ? written : Number(query.before.slice(2));
      const from = Math.max(0, end - 100);
      await gate;
      return {
        lines: range(from, end).filter((one) => fits(one, query)),
        before: from === 0 ? null : `1:${from}`,
        after: `1:${written}`,
        looked_back_to: '2026-11-16T11:00:00.000Z',
        parts: ['sync'],
        logs: [{ name: 'console', bytes: 1 }],
      };
    },
    async news(query): Promise<LogNews> {
      const from = Number(query.after.slice(2));
      if (from > written) return { lines: [], after: null, parts: [], more: false, lost: true };
      const to = Math.min(written, from + 500);
      await gate;
      const lines = range(from, to).filter((one) => fits(one, query));
      return { lines, after: `1:${to}`, parts: ['tasks'], more: to < written, lost: false };
    },
  });
  return {
    store,
    asked,
    write: (lines: number) => void (written += lines),
    hold() {
      let open = () => {};
      gate = new Promise((resolve) => (open = resolve));
      return () => open();
    },
    shown: () => store.getState().lines?.map(({ message }) => message) ?? null,
  };
}

describe('the log on screen', () => {
  it('goes on searching by itself until a window is filled, and further back when asked', async () => {
    const { store, shown, asked } = office(1_000);
    await store.startOver();
    expect(shown()).toHaveLength(100);
    expect(asked).toEqual(['end']);
    await store.older();
    expect(shown()).toHaveLength(200);
    expect(shown()?.[0]).toBe('line 800');
    store.ask({ search: '7' });
    await store.older();
    await expect.poll(() => shown()?.length).toBe(60);
    expect(store.getState().before).not.toBeNull();
    store.ask({ search: 'line 3' });
    await expect.poll(() => [shown(), store.getState().before]).toEqual([['line 3'], null]);
  });

  it('takes what is written meanwhile in order, once, while the end is followed, and not otherwise', async () => {
    const { store, shown, write } = office(10);
    await store.startOver();
    write(1_200);
    await Promise.all([store.reload(), store.reload()]);
    expect(shown()).toHaveLength(1_210);
    expect(new Set(shown()).size).toBe(1_210);
    expect(store.getState().parts).toEqual(['sync', 'tasks']);
    store.follow(false);
    write(5);
    await store.reload();
    expect(shown()).toHaveLength(1_210);
    store.follow(true);
    await expect.poll(() => shown()?.at(-1)).toBe('line 1214');
  });

  it('lets the oldest lines go while it follows for long, and finds them again further back', async () => {
    const { store, shown, write } = office(10);
    await store.startOver();
    write(6_000);
    await store.reload();
    expect(shown()).toHaveLength(5_000);
    expect(shown()?.[0]).toBe('line 1010');
    await store.older();
    expect(shown()?.[0]).toBe('line 910');
  });

  it('an answer to a former question is not shown, though it come last', async () => {
    const { store, shown, hold } = office(300);
    await store.startOver();
    const open = hold();
    const former = store.startOver();
    store.ask({ search: 'line 250' });
    open();
    await former;
    await expect.poll(shown).toEqual(['line 250']);
  });

  it('begins anew where its place is gone', async () => {
    const { store, shown, write } = office(300);
    await store.startOver();
    write(-250);
    await store.reload();
    expect(shown()?.at(-1)).toBe('line 49');
  });
});
