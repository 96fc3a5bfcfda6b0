import { describe, expect, it } from 'vitest';
import type { DuplicateDecision } from '../../../src/shared/contract/duplicates.ts';
import {
  decideAtOnce,
  decideMany,
  gatherAlike,
  isAlike,
  undoMany,
} from '../../../src/renderer/duplicates/decide-many.ts';
import { createFakeDuplicates } from '../preview/fake-duplicates.ts';
import { makeDuplicate } from '../preview/make-duplicates.ts';

const cases = (count: number) => Array.from({ length: count }, (_, i) => makeDuplicate(i, 'ordinary'));
const quiet = () => ({ signal: new AbortController().signal });
const away = (): Error => Object.assign(new Error('away'), { code: 'DATABASE_AWAY' });

describe('gathering what is alike', () => {
  it('finds every case that differs in the same fields, over all pages', async () => {
    const main = createFakeDuplicates(cases(1_300));
    const like = makeDuplicate(2, 'ordinary');
    const read: number[] = [];
    const found = await gatherAlike((page) => Promise.resolve(main.pending(page)), like, {
      ...quiet(),
      onProgress: (so) => read.push(so),
    });
    const alike = cases(1_300).filter((one) => isAlike(one, like));
    expect(found.map((one) => one.id)).toEqual(alike.map((one) => one.id));
    expect(found.length).toBeGreaterThan(200);
    expect(read).toEqual([500, 1_000, 1_300]);
  });

  it('takes each case once, though the list moves while it is read', async () => {
    const all = cases(600);
    const found = await gatherAlike(
      ({ limit, offset }) =>
        Promise.resolve({
          pending: all.slice(Math.max(0, offset - 20), Math.max(0, offset - 20) + limit),
          count: 600,
        }),
      makeDuplicate(0, 'ordinary'),
      quiet(),
    );
    expect(new Set(found.map((one) => one.id)).size).toBe(found.length);
  });

  it('does not call cases without an earlier deal alike those with one', () => {
    const gone = makeDuplicate(8, 'ordinary');
    expect(gone.existing).toBeNull();
    expect(isAlike(gone, makeDuplicate(17, 'ordinary'))).toBe(true);
    expect(isAlike(gone, { ...makeDuplicate(0, 'ordinary'), differs: [] })).toBe(false);
  });
});

describe('deciding many', () => {
  it('tells of each that was refused and goes on with the others', async () => {
    const all = cases(120);
    const main = createFakeDuplicates(all);
    main.elsewhere.resolve(7, 'merge');
    main.elsewhere.change(90, {});
    const progress: number[] = [];
    const result = await decideMany(
      (input) => Promise.resolve(main.resolveMany(input)),
      all,
      { action: 'reject', note: ' samma ' },
      { ...quiet(), onProgress: ({ left }) => progress.push(left) },
    );
    expect(result).toMatchObject({ left: 0, failure: null });
    expect(result.decided).toHaveLength(118);
    expect(result.refused.map((one) => one.id)).toEqual([7, 90]);
    expect(progress).toEqual([120 - decideAtOnce, 20, 0]);
    expect(main.history({ limit: 1, offset: 0 }).closed[0]?.note).toBe('samma');
  });

  it('stops where somebody says so, and says how many were not tried', async () => {
    const all = cases(120);
    const main = createFakeDuplicates(all);
    const abort = new AbortController();
    const result = await decideMany(
      (input) => {
        abort.abort();
        return Promise.resolve(main.resolveMany(input));
      },
      all,
      { action: 'reject' },
      { signal: abort.signal },
    );
    expect(result.decided).toHaveLength(decideAtOnce);
    expect(result.left).toBe(120 - decideAtOnce);
  });

  it('keeps what was done when a call fails', async () => {
    const all = cases(120);
    const main = createFakeDuplicates(all);
    let calls = 0;
    const result = await decideMany(
      (input) => (++calls === 2 ? Promise.reject(away()) : Promise.resolve(main.resolveMany(input))),
      all,
      { action: 'approve' },
      quiet(),
    );
    expect(result).toMatchObject({ left: 120 - decideAtOnce, failure: { code: 'DATABASE_AWAY' } });
    expect(result.decided).toHaveLength(decideAtOnce);
  });
});

describe('undoing many', () => {
  it('takes back the newest first, and leaves those that main refuses', async () => {
    const all = cases(30);
    const main = createFakeDuplicates(all);
    const done = main.resolveMany({ action: 'approve', cases: all }).decided;
    const order: number[] = [];
    const undo = (input: { id: number; version: number }): Promise<DuplicateDecision> => {
      order.push(input.id);
      return new Promise((resolve) => resolve(main.undo(input)));
    };
    const result = await undoMany(undo, done, quiet());
    expect(order[0]).toBe(30);
    // The fake refuses to undo cases 12 and 25.
    expect(result.refused.map((one) => one.id)).toEqual([25, 12]);
    expect(main.pending({ limit: 100, offset: 0 }).count).toBe(28);
  });

  it('stops when main cannot be reached', async () => {
    const result = await undoMany(
      () => Promise.reject(away()),
      [
        { id: 1, action: 'approve', version: 2, new_deal_id: null },
        { id: 2, action: 'approve', version: 2, new_deal_id: null },
      ],
      quiet(),
    );
    expect(result).toMatchObject({ decided: [], left: 2, failure: { code: 'DATABASE_AWAY' } });
  });
});
