import { expect, it } from 'vitest';
import { takeBackupProgress } from '../../../src/renderer/settings/backups-store.ts';

const copying = { stage: 'copying', kind: 'manual', share: 0.5, rows: 10 } as const;
const ended = { stage: 'ended', kind: 'manual', outcome: 'made', message: null } as const;
const nothing = { running: null, ended: null };

it('shows a backup until it ends, and remembers how it ended', () => {
  const running = takeBackupProgress(nothing, copying);
  expect(running).toEqual({ running: copying, ended: null });
  const after = takeBackupProgress(running, ended);
  expect(after).toEqual({ running: null, ended });
  // Another one: the former's end is still the latest.
  expect(takeBackupProgress(after, copying)).toEqual({ running: copying, ended });
});

it('believes the list that nothing runs, which says nothing of how it ended', () => {
  expect(takeBackupProgress({ running: copying, ended: null }, null)).toEqual(nothing);
});
