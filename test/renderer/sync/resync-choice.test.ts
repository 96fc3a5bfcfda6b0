import { expect, test } from 'vitest';
import { daysProblem } from '../../../src/renderer/sync/resync-choice.ts';

test('days to read anew are both named, the earlier one first', () => {
  expect(daysProblem({ from: '', to: '2026-11-22' })).toBe('missing');
  expect(daysProblem({ from: '2026-11-22', to: '' })).toBe('missing');
  expect(daysProblem({ from: '2026-11-23', to: '2026-11-22' })).toBe('order');
  expect(daysProblem({ from: '2026-11-22', to: '2026-11-22' })).toBeNull();
});
