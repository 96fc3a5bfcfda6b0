import { describe, expect, it, vi } from 'vitest';
import { pageOfRows } from '../../../src/renderer/paged-rows.ts';
import {
  createPackages,
  packagesWaiting,
  type PackageCalls,
} from '../../../src/renderer/packages/packages-store.ts';

const progress = { run_id: 1, packages: 0, waiting_for: null, cancellable: true } as const;

/** Calls that answer nothing much; what they were asked is kept. */
function office() {
  const calls = {
    state: vi.fn(() => Promise.resolve({ running: { ...progress, stage: 'reading' }, held: null })),
    mine: vi.fn(() => Promise.resolve({ packages: [{ id: 1 }], count: 1 })),
    invalid: vi.fn(() => Promise.resolve({ invalid: [], count: 0 })),
    catalogue: vi.fn((page: { offset: number }) =>
      Promise.resolve({ packages: [{ reseller_id: `id-${page.offset}` }], count: 11_000 }),
    ),
    orders: vi.fn(() => Promise.resolve({ orders: [], count: 3 })),
  };
  const store = createPackages(
    () => Promise.resolve(calls as unknown as PackageCalls),
    () => 0,
  );
  return { calls, store };
}

describe('the lists of packages', () => {
  it('fetch nothing before somebody looks, also when everything is fetched again', async () => {
    const { calls, store } = office();
    await Promise.all(store.lists.map((list) => list.reload()));
    expect(calls.mine).not.toHaveBeenCalled();
    expect(calls.catalogue).not.toHaveBeenCalled();
  });

  it('ask only for what was given', async () => {
    const { calls, store } = office();
    await store.mine.startOver();
    expect(calls.mine).toHaveBeenLastCalledWith({ status: 'all', limit: pageOfRows, offset: 0 });
    store.ask('mine', { search: 'sweden', status: 'hidden' });
    await vi.waitFor(() => expect(store.mine.getState().stale).toBe(false));
    expect(calls.mine).toHaveBeenLastCalledWith({
      ...{ search: 'sweden', status: 'hidden', limit: pageOfRows, offset: 0 },
    });
    store.ask('invalid', { reason: 'retired' });
    expect(store.asked.getState().mine.search).toBe('sweden');
    await vi.waitFor(() =>
      expect(calls.invalid).toHaveBeenLastCalledWith({ reason: 'retired', limit: pageOfRows, offset: 0 }),
    );
  });

  it('fetch of eleven thousand packages only the pages in view', async () => {
    const { calls, store } = office();
    await store.catalogue.startOver();
    store.catalogue.look(10_950, 10_980);
    await vi.waitFor(() => expect(store.catalogue.getState().rows[10_900]).toBeDefined());
    expect(calls.catalogue.mock.calls.map(([page]) => page.offset)).toEqual([0, 10_900]);
    expect(store.catalogue.getState().rows).toHaveLength(11_000);
  });
});

describe('a pass over the catalogue', () => {
  it('is under way from what main says until it ended', async () => {
    const { store } = office();
    await store.state.reload();
    expect(store.underWay.getState().progress?.stage).toBe('reading');
    store.take({ ...progress, stage: 'applying', packages: 11_000 });
    expect(store.underWay.getState().progress?.packages).toBe(11_000);
    store.take({ ...progress, stage: 'ended' });
    expect(store.underWay.getState().progress).toBeNull();
  });
});

it('counts proposals, a held pass and orders for a person, once all of it is known', () => {
  const held = { id: 1 } as never;
  expect(packagesWaiting({ held }, { proposals: 4 }, 2)).toBe(7);
  expect(packagesWaiting({ held: null }, { proposals: 0 }, 0)).toBe(0);
  expect(packagesWaiting({ held }, null, 2)).toBeNull();
  expect(packagesWaiting(null, { proposals: 1 }, 0)).toBeNull();
});
