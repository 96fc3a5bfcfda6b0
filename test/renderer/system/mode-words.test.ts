import { expect, it } from 'vitest';
import type { ModeProcess, ModeView } from '../../../src/shared/contract/mode.ts';
import type { SystemStatus } from '../../../src/shared/contract/system.ts';
import { countBehind, whyNotSwitch } from '../../../src/renderer/system/mode-words.ts';

const process = (mode: ModeProcess['mode'], alive = true): ModeProcess => ({
  ...{ id: '00000000-0000-4000-8000-000000000000', kind: 'console', host: 'norr', pid: 1, version: '1' },
  ...{ mode, since: null, seen_at: '2026-11-22T09:00:00.000Z', alive, runs_tasks: true, self: false },
});
const view: ModeView = { mode: 'async_queue', cachedAt: null, believed: false, processes: [] };
const loaded = (data: ModeView | null) => ({ data, failure: null, loading: false, loadedAt: 0 });
const status = (away: string | null) => ({ database: { away_since: away } }) as SystemStatus;

it('says why the mode cannot be switched', () => {
  expect(whyNotSwitch(loaded(view), status(null), true)).toBeNull();
  expect(whyNotSwitch(loaded(view), status('2026-11-22T09:00:00.000Z'), true)).toBe('away');
  expect(whyNotSwitch(loaded({ ...view, believed: true }), status(null), true)).toBe('away');
  expect(whyNotSwitch(loaded(null), status(null), true)).toBe('unknown');
  expect(whyNotSwitch(loaded(view), status(null), false)).toBe('disconnected');
});

it('counts living processes that believe another mode', () => {
  const processes = [
    process('async_queue'),
    process('sync_direct'),
    process(null),
    process('sync_direct', false),
  ];
  expect(countBehind({ ...view, processes })).toBe(1);
});
