import { describe, expect, it } from 'vitest';
import {
  createDuplicatesStore,
  pageOfDuplicates,
} from '../../../src/renderer/duplicates/duplicates-store.ts';
import { makeDuplicates } from '../preview/scenarios.ts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('the pending duplicates', () => {
  it('are fetched a page at a time, as they come into view', async () => {
    const all = makeDuplicates('many');
    const asked: number[] = [];
    const store = createDuplicatesStore(({ limit, offset }) => {
      asked.push(offset);
      return Promise.resolve({ pending: all.slice(offset, offset + limit), count: all.length });
    });
    await store.reload();
    expect(store.getState().count).toBe(10_000);
    expect(asked).toEqual([0]);
    store.look(5_390, 5_402);
    store.look(5_391, 5_403);
    await settle();
    expect(asked).toEqual([0, 5_200, 5_400]);
    expect(store.getState().rows[5_400]?.id).toBe(5_401);
    expect(store.getState().rows[300]).toBeUndefined();
  });

  it('shrink with the count of a later answer', async () => {
    let count = 450;
    const all = makeDuplicates('many');
    const store = createDuplicatesStore(({ limit, offset }) =>
      Promise.resolve({ pending: all.slice(offset, Math.min(count, offset + limit)), count }),
    );
    await store.reload();
    store.look(pageOfDuplicates, pageOfDuplicates + 10);
    await settle();
    count = 3;
    store.look(0, 10);
    await store.reload();
    expect(store.getState().rows.length).toBe(3);
  });

  it('do not take an answer that was overtaken by a reload', async () => {
    const answers: Array<(count: number) => void> = [];
    const store = createDuplicatesStore(
      () => new Promise((resolve) => answers.push((count) => resolve({ pending: [], count }))),
    );
    const first = store.reload();
    const second = store.reload();
    answers[1]?.(2);
    await second;
    answers[0]?.(99);
    await first;
    expect(store.getState().count).toBe(2);
  });

  it('keep what was shown when a fetch fails', async () => {
    let away = false;
    const store = createDuplicatesStore(() =>
      away
        ? Promise.reject(new Error('away'))
        : Promise.resolve({ pending: makeDuplicates('ordinary'), count: 2 }),
    );
    await store.reload();
    away = true;
    await store.reload();
    expect(store.getState().failure?.code).toBe('INTERNAL');
    expect(store.getState().rows[0]?.id).toBe(1);
  });
});
