import { describe, expect, it } from 'vitest';
import type { ListProgress, OpenRequest, RowResult } from '../../../src/shared/contract/accounts.ts';
import type { KeptAccount } from '../../../src/shared/contract/outbox.ts';
import { takeListProgress } from '../../../src/renderer/accounts/accounts-store.ts';
import { arrangeRequests } from '../../../src/renderer/accounts/arrange-requests.ts';
import { draftProblems, requestOf } from '../../../src/renderer/accounts/check-draft.ts';
import { decodeList } from '../../../src/renderer/accounts/read-list-file.ts';
import { causeName } from '../../../src/renderer/task-words.ts';

const result = (line: number, what: RowResult['result'] = 'created'): RowResult => ({
  ...{ line, email: `a${line}@example.com`, result: what, message: null },
});
const step = (done: number, rows: RowResult[]): ListProgress => ({
  ...{ stage: done < 3 ? 'running' : 'ended', total: 3, done, cancelled: false, rows },
  ...{ created: done, queued: 0, skipped: 0, failed: 0 },
});

describe('a list under way', () => {
  it('gathers results in the order of the list, each once, also when they are told again', () => {
    let state = takeListProgress({ progress: null, rows: [] }, step(2, [result(3), result(1, 'refused')]));
    state = takeListProgress(state, step(3, [result(2), result(3)]));
    expect(state.rows.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(state.rows[0]?.result).toBe('refused');
    expect(state.progress).toMatchObject({ stage: 'ended', done: 3 });
  });

  it('keeps results when a step brings none', () => {
    const state = takeListProgress({ progress: null, rows: [result(1)] }, step(3, []));
    expect(state.rows).toHaveLength(1);
  });
});

describe('the form of one account', () => {
  const good = { email: ' Karin@Example.com ', name: 'Karin', plan: 'Team', key: '' };

  it('names the fields that cannot be sent', () => {
    expect([...draftProblems({ email: 'karin', name: ' ', plan: 'a\nb', key: 'två ord' })]).toEqual([
      'email',
      'name',
      'plan',
      'key',
    ]);
    expect([...draftProblems(good)]).toEqual([]);
  });

  it('sends no key where none was written', () => {
    expect(requestOf(good)).toEqual({ email: 'Karin@Example.com', name: 'Karin', plan: 'Team' });
    expect(requestOf({ ...good, key: ' order-7 ' })).toMatchObject({ key: 'order-7' });
  });
});

it('reads list files in UTF-8 and as spreadsheets on Windows write them', () => {
  const windows = Uint8Array.from([0xc5, 0x73, 0x61]).buffer;
  expect(decodeList(windows)).toBe('Åsa');
  expect(decodeList(new TextEncoder().encode('Åsa').buffer)).toBe('Åsa');
});

it('shows a kept request once, as the database knows it where it does', () => {
  const kept = (key: string, state: KeptAccount['state']): KeptAccount => ({
    ...{ decision_id: `d-${key}`, key, email: `${key}@example.com`, name: 'K', plan: 'Bas', actor: 'anna' },
    ...{ made_at: '2026-11-22T09:00:00.000Z', state, tries: 0, settled_at: null, message: null },
    elsewhere: false,
  });
  const open: OpenRequest = {
    ...{ key: 'b', email: 'b@example.com', name: 'B', plan: 'Bas', state: 'open', path: 'queue' },
    ...{ message: null, actor: 'anna' },
    ...{ created_at: '2026-11-22T09:00:00.000Z', updated_at: '2026-11-22T09:00:00.000Z' },
  };
  const shown = arrangeRequests([kept('a', 'waiting'), kept('b', 'waiting'), kept('c', 'applied')], [open]);
  expect(shown.map(({ id, state }) => [id, state])).toEqual([
    ['d-a', 'kept'],
    ['b', 'open'],
  ]);
});

it('has words for every cause', () => {
  expect(causeName('UPSTREAM_BUSY')).toBe('UPSTREAM_BUSY');
  expect(causeName('PERMIT_LOST')).toBe('other');
});
