import { pageOfRows } from '../../../src/renderer/paged-rows.ts';
import { describe, expect, it } from 'vitest';
import { createQueue, isClosed, type QueueStore } from '../../../src/renderer/duplicates/queue-store.ts';
import { createFakeDuplicates, type FakeDuplicates } from '../preview/fake-duplicates.ts';
import { makeDuplicate } from '../preview/make-duplicates.ts';

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

/** A queue on a main whose answers can be held back or refused. */
async function open(count: number) {
  const main: FakeDuplicates = createFakeDuplicates(
    Array.from({ length: count }, (_, i) => makeDuplicate(i, 'ordinary')),
  );
  let gate: Promise<void> = Promise.resolve();
  let failure: Error | null = null;
  const through = async <T>(answer: () => T): Promise<T> => {
    await gate;
    if (failure !== null) throw failure;
    return answer();
  };
  const queue = createQueue(
    {
      pending: (page) => Promise.resolve(main.pending(page)),
      case: async (id) => main.case(id),
      resolve: (input) => through(() => main.resolve(input)),
      undo: (input) => through(() => main.undo(input)),
    },
    { pauseMs: 0 },
  );
  await queue.list.rows.reload();
  await settle();
  return {
    main,
    queue,
    /** Holds answers back until the function answered is called. */
    hold(): () => void {
      let release = (): void => undefined;
      gate = new Promise((resolve) => (release = resolve));
      return release;
    },
    fail: (error: Error | null) => void (failure = error),
  };
}

const ids = (queue: QueueStore): (number | undefined)[] =>
  queue.list.rows.getState().rows.map((row) => row?.id);
const chosen = (queue: QueueStore): number | undefined => queue.getState().chosen?.id;
const away = (): Error => Object.assign(new Error('The database is away'), { code: 'DATABASE_AWAY' });

describe('deciding', () => {
  it('begins with the oldest case and moves on before main has answered', async () => {
    const { queue, hold, main } = await open(3);
    expect(chosen(queue)).toBe(1);
    const release = hold();
    const decided = queue.decide('approve');
    expect(ids(queue)).toEqual([2, 3]);
    expect(chosen(queue)).toBe(2);
    expect(queue.list.rows.getState()).toMatchObject({ count: 2, extra: 2 });
    expect(queue.decisions.getState().last).toMatchObject({ state: 'sending', action: 'approve' });
    release();
    await decided;
    expect(queue.decisions.getState().last).toMatchObject({ state: 'done', version: 2 });
    expect(main.case(1)).toMatchObject({ status: 'resolved', resolution: 'approved' });
  });

  it('does not show the case again while main still lists it', async () => {
    const { queue, hold } = await open(3);
    const release = hold();
    const decided = queue.decide('reject');
    await queue.list.rows.reload();
    expect(ids(queue)).toEqual([2, 3]);
    expect(queue.list.rows.getState()).toMatchObject({ count: 2, extra: 2 });
    expect(chosen(queue)).toBe(2);
    release();
    await decided;
    await queue.list.rows.reload();
    expect(ids(queue)).toEqual([2, 3]);
  });

  it('chooses the one before at the end of the list, and nothing when it is empty', async () => {
    const { queue } = await open(2);
    queue.choose(2);
    await queue.decide('approve');
    expect(chosen(queue)).toBe(1);
    await queue.decide('approve');
    expect(queue.getState().chosen).toBeNull();
    expect(queue.shown.getState().id).toBeNull();
    await queue.decide('approve');
    expect(queue.decisions.getState().done).toHaveLength(2);
  });

  it('sends the note of its case and keeps those of others', async () => {
    const { queue, main } = await open(3);
    queue.setNote(1, '  Anna rang  ');
    queue.setNote(2, 'Senare');
    await queue.decide('approve');
    expect(main.history({ limit: 1, offset: 0 }).closed[0]?.note).toBe('Anna rang');
    expect(queue.getState().notes).toEqual({ 2: 'Senare' });
  });

  it('waits for the next page where the case after the last fetched one is not known yet', async () => {
    const { queue } = await open(450);
    queue.choose(pageOfRows);
    await queue.decide('approve');
    expect(chosen(queue)).toBeUndefined();
    queue.list.rows.look(pageOfRows - 5, pageOfRows + 5);
    await settle();
    expect(chosen(queue)).toBe(pageOfRows + 1);
  });
});

describe('a refused decision', () => {
  it('brings the case back to its place, with the reason', async () => {
    const { queue, fail } = await open(3);
    queue.choose(2);
    queue.setNote(2, 'Kvar');
    fail(away());
    await queue.decide('replace');
    expect(ids(queue)).toEqual([1, 2, 3]);
    expect(chosen(queue)).toBe(3);
    expect(queue.getState().notes).toEqual({ 2: 'Kvar' });
    expect(queue.decisions.getState()).toMatchObject({
      done: [],
      last: null,
      refusals: [{ duplicate: { id: 2 }, action: 'replace', verdict: { kind: 'failed' } }],
    });
  });

  it('says who decided first, and the case does not come back', async () => {
    const { queue, main } = await open(3);
    main.elsewhere.resolve(1, 'merge');
    await queue.decide('approve');
    await settle();
    expect(ids(queue)).toEqual([2, 3]);
    expect(queue.decisions.getState().refusals).toMatchObject([
      { verdict: { kind: 'decided', by: 'erik', resolution: 'merged' } },
    ]);
    expect(main.case(1).resolution).toBe('merged');
  });

  it('says that upstream changed the case, which waits with its new values', async () => {
    const { queue, main } = await open(3);
    main.elsewhere.change(1, { reasons: ['commission'] });
    await queue.decide('approve');
    await settle();
    expect(ids(queue)).toEqual([1, 2, 3]);
    expect(queue.list.rows.getState().rows[0]).toMatchObject({ version: 2, reasons: ['commission'] });
    expect(queue.decisions.getState().refusals).toMatchObject([{ verdict: { kind: 'changed' } }]);
  });

  it('is waved away, or forgotten when the case is decided after all', async () => {
    const { queue, fail } = await open(3);
    fail(away());
    await queue.decide('approve');
    await queue.decide('approve');
    fail(null);
    expect(queue.decisions.getState().refusals).toHaveLength(2);
    queue.decisions.dismiss(queue.decisions.getState().refusals[0]!);
    queue.choose(1);
    await queue.decide('reject');
    expect(queue.decisions.getState().refusals).toEqual([]);
  });
});

describe('undo', () => {
  it('brings the newest decision back to its place and shows it', async () => {
    const { queue, main } = await open(3);
    await queue.decide('approve');
    await queue.decide('reject');
    expect(ids(queue)).toEqual([3]);
    await queue.undo();
    expect(chosen(queue)).toBe(2);
    expect(queue.decisions.getState().last).toMatchObject({ state: 'undone', duplicate: { id: 2 } });
    await queue.undo();
    await settle();
    expect(ids(queue)).toEqual([1, 2, 3]);
    expect(chosen(queue)).toBe(1);
    expect(queue.getState().chosen?.version).toBe(3);
    expect(main.pending({ limit: 10, offset: 0 }).count).toBe(3);
    await queue.undo();
    expect(queue.decisions.getState().refusals).toEqual([]);
  });

  it('waits for a decision that is still on its way', async () => {
    const { queue, hold, main } = await open(3);
    const release = hold();
    void queue.decide('approve');
    const undone = queue.undo();
    expect(queue.decisions.getState().last?.state).toBe('undoing');
    release();
    await undone;
    expect(main.case(1).status).toBe('pending');
    expect(chosen(queue)).toBe(1);
  });

  it('walks back as many decisions as it is pressed, also at once', async () => {
    const { queue, main } = await open(5);
    for (let i = 0; i < 3; i += 1) await queue.decide('approve');
    await Promise.all([queue.undo(), queue.undo(), queue.undo(), queue.undo()]);
    await settle();
    expect(ids(queue)).toEqual([1, 2, 3, 4, 5]);
    expect(main.history({ limit: 10, offset: 0 }).count).toBe(0);
  });

  it('says why it was refused and does not try the same again', async () => {
    const { queue, main } = await open(13);
    queue.choose(12);
    await queue.decide('approve');
    // The fake refuses to undo case 12.
    await queue.undo();
    expect(chosen(queue)).toBe(13);
    expect(queue.decisions.getState()).toMatchObject({
      done: [],
      refusals: [{ action: 'undo', duplicate: { id: 12 }, verdict: { failure: { code: 'CONFLICT' } } }],
    });
    await queue.undo();
    expect(main.case(12).status).toBe('resolved');
  });

  it('tries again what failed only for now', async () => {
    const { queue, fail } = await open(3);
    await queue.decide('approve');
    fail(away());
    await queue.undo();
    expect(queue.decisions.getState().done).toMatchObject([{ state: 'done' }]);
    fail(null);
    await queue.undo();
    expect(chosen(queue)).toBe(1);
  });
});

describe('merging', () => {
  it('takes over commission and order date where they differ, and what a person chooses', async () => {
    const { queue, main } = await open(4);
    queue.choose(3);
    queue.startMerge();
    expect(queue.getState().merging).toEqual(['commission', 'order_date']);
    queue.toggleField('agent');
    queue.toggleField('order_date');
    queue.toggleField('campaign');
    expect(queue.getState().merging).toEqual(['agent', 'commission']);
    await queue.decide('merge', queue.getState().merging ?? []);
    expect(main.case(3).resolution).toBe('merged');
    expect(queue.getState().merging).toBeNull();
  });

  it('is not sent without a field, nor without an earlier deal', async () => {
    const { queue, main } = await open(9);
    queue.startMerge();
    expect(queue.getState().merging).toEqual([]);
    await queue.decide('merge', []);
    expect(main.case(1).status).toBe('pending');
    queue.choose(9);
    queue.startMerge();
    expect(queue.getState().merging).toBeNull();
    await queue.decide('merge', ['commission']);
    expect(main.case(9).status).toBe('pending');
  });
});

describe('what others do', () => {
  it('keeps the case on screen that somebody else closed, and lets nobody decide it', async () => {
    const { queue, main } = await open(3);
    main.elsewhere.resolve(1, 'approve');
    await queue.list.rows.reload();
    await queue.shown.reload();
    expect(ids(queue)).toEqual([2, 3]);
    expect(chosen(queue)).toBe(1);
    expect(isClosed(queue.getState().chosen, queue.shown.getState().data)).toBe(true);
    await queue.decide('approve');
    expect(queue.decisions.getState().last).toBeNull();
  });

  it('shows the newest version of the case on screen and says that it changed', async () => {
    const { queue, main } = await open(3);
    queue.choose(3);
    queue.startMerge();
    main.elsewhere.change(3, { differs: ['agent', 'commission'] });
    await queue.list.rows.reload();
    expect(queue.getState()).toMatchObject({
      changed: true,
      chosen: { version: 2 },
      merging: ['commission'],
    });
    queue.choose(1);
    expect(queue.getState().changed).toBe(false);
  });
});

describe('going on without deciding', () => {
  it('shows the next case, and after the last the first again', async () => {
    const { queue, main } = await open(3);
    queue.choose(2);
    queue.next();
    expect(chosen(queue)).toBe(3);
    queue.next();
    expect(chosen(queue)).toBe(1);
    expect(main.pending({ limit: 9, offset: 0 }).count).toBe(3);
  });

  it('goes to the case that took the place of one closed meanwhile', async () => {
    const { queue, main } = await open(3);
    queue.choose(2);
    main.elsewhere.resolve(2, 'approve');
    await queue.list.rows.reload();
    queue.next();
    expect(chosen(queue)).toBe(3);
  });
});

it('goes on from a case that was decided with others', async () => {
  const { queue } = await open(4);
  queue.choose(2);
  queue.leaveOut([
    { id: 1, version: 1 },
    { id: 2, version: 1 },
  ]);
  expect(ids(queue)).toEqual([3, 4]);
  await settle();
  expect(chosen(queue)).toBe(4);
});

describe('searching', () => {
  it('chooses the first hit and still knows how long the whole queue is', async () => {
    const { queue } = await open(30);
    queue.setSearch('4500017');
    await settle();
    expect(ids(queue)).toEqual([18]);
    expect(chosen(queue)).toBe(18);
    expect(queue.list.rows.getState()).toMatchObject({ count: 1, extra: 30 });
    queue.setSearch('');
    await settle();
    expect(chosen(queue)).toBe(1);
    expect(queue.list.rows.getState().count).toBe(30);
  });
});
