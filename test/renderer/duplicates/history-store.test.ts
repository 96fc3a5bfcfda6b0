import { expect, it } from 'vitest';
import type { HistoryFilter } from '../../../src/shared/contract/duplicates.ts';
import { changeFilter, createHistory } from '../../../src/renderer/duplicates/history-store.ts';
import { createFakeDuplicates } from '../preview/fake-duplicates.ts';
import { makeHistory } from '../preview/make-duplicates.ts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

function open() {
  const main = createFakeDuplicates([], makeHistory('ordinary'));
  const asked: HistoryFilter[] = [];
  const history = createHistory(
    {
      history: (input) => {
        asked.push(input);
        return Promise.resolve(main.history(input));
      },
      case: async (id) => main.case(id),
    },
    { pauseMs: 0 },
  );
  return { main, history, asked };
}

it('fetches nothing before it is opened, and then once', async () => {
  const { history, asked } = open();
  await history.list.reload();
  expect(asked).toEqual([]);
  history.open();
  history.open();
  await settle();
  expect(asked).toHaveLength(1);
  expect(history.list.getState().count).toBe(9);
});

it('asks anew for what is searched, letting go of the row chosen before', async () => {
  const { history, asked } = open();
  history.open();
  await settle();
  const first = history.list.getState().rows[0]!;
  history.choose(first.id);
  await settle();
  expect(history.shown.getState().data?.duplicate.id).toBe(first.id);
  history.ask({ resolution: 'merged' });
  await settle();
  expect(asked.at(-1)).toMatchObject({ resolution: 'merged', offset: 0 });
  expect(history.getState().chosen).toBeNull();
  expect(history.list.getState().rows.every((row) => row?.resolution === 'merged')).toBe(true);
});

it('lifts conditions that say nothing', () => {
  expect(changeFilter({ search: 'anna', from: '2026-11-01' }, { search: '', to: '2026-11-30' })).toEqual({
    from: '2026-11-01',
    to: '2026-11-30',
  });
  expect(changeFilter({ resolution: 'merged' }, { resolution: undefined })).toEqual({});
});
