import { describe, expect, it } from 'vitest';
import { createPagedStore, pageOfRows, placePage } from '../../src/renderer/paged-rows.ts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const all = Array.from({ length: 10_000 }, (_, i) => i);
const page = (rows: readonly number[], { limit, offset }: { limit: number; offset: number }) => ({
  rows: rows.slice(offset, offset + limit),
  count: rows.length,
  extra: null,
});

describe('a list of any length', () => {
  it('is fetched a page at a time, shortly before it comes into view', async () => {
    const asked: number[] = [];
    const store = createPagedStore<number>((where) => {
      asked.push(where.offset);
      return Promise.resolve(page(all, where));
    });
    await store.reload();
    expect(store.getState()).toMatchObject({ count: 10_000, failure: null });
    expect(asked).toEqual([0]);
    store.look(5_390, 5_402);
    store.look(5_391, 5_403);
    await settle();
    expect(asked).toEqual([0, 5_300, 5_400]);
    expect(store.getState().rows[5_400]).toBe(5_400);
    expect(store.getState().rows[300]).toBeUndefined();
    store.look(5_450, 5_462);
    await expect.poll(() => asked).toEqual([0, 5_300, 5_400, 5_500]);
  });

  it('is fetched only here and there while it flies past, and where it rests', async () => {
    const asked: number[] = [];
    const store = createPagedStore<number>((where) => {
      asked.push(where.offset);
      return Promise.resolve(page(all, where));
    });
    await store.reload();
    for (let first = 0; first < 9_000; first += 40) store.look(first, first + 12);
    await expect.poll(() => store.getState().rows[8_960]).toBe(8_960);
    expect(asked.length).toBeLessThan(6);
  });

  it('shrinks with the count of a later answer', async () => {
    let count = 450;
    const store = createPagedStore<number>((where) => Promise.resolve(page(all.slice(0, count), where)));
    await store.reload();
    store.look(pageOfRows, pageOfRows + 10);
    await settle();
    count = 3;
    store.look(0, 10);
    await store.reload();
    expect(store.getState().rows).toEqual([0, 1, 2]);
  });

  it('does not take an answer that was overtaken by a reload', async () => {
    const answers: Array<(count: number) => void> = [];
    const store = createPagedStore<number>(
      () => new Promise((resolve) => answers.push((count) => resolve({ rows: [], count, extra: null }))),
    );
    const first = store.reload();
    const second = store.reload();
    answers[1]?.(2);
    await second;
    answers[0]?.(99);
    await first;
    expect(store.getState().count).toBe(2);
  });

  it('keeps what was shown when a fetch fails', async () => {
    let away = false;
    const store = createPagedStore<number>((where) =>
      away ? Promise.reject(new Error('away')) : Promise.resolve(page([7], where)),
    );
    await store.reload();
    away = true;
    await store.reload();
    expect(store.getState()).toMatchObject({ rows: [7], failure: { code: 'INTERNAL' } });
  });

  it('shows the former rows until another question is answered, and then none of them', async () => {
    let rows = all;
    const store = createPagedStore<number>((where) => Promise.resolve(page(rows, where)));
    await store.reload();
    rows = [4, 5];
    const asking = store.startOver();
    expect(store.getState()).toMatchObject({ stale: true, count: 10_000 });
    await asking;
    expect(store.getState()).toMatchObject({ stale: false, rows: [4, 5], count: 2 });
  });

  it('is not fetched by changes before somebody asked for it', async () => {
    let asked = 0;
    const store = createPagedStore<number>(
      (where) => {
        asked += 1;
        return Promise.resolve(page(all, where));
      },
      { untilLookedAt: true },
    );
    await store.reload();
    expect(asked).toBe(0);
    await store.startOver();
    await store.reload();
    expect(asked).toBe(2);
  });
});

it('leaves out what is not to be shown and closes the gap', () => {
  const shown = placePage([], { rows: [1, 2, 3], count: 5 }, 0, (row) => row !== 2);
  expect(shown).toEqual({ rows: [1, 3, undefined, undefined], count: 4 });
});
