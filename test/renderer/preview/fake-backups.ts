import { implement } from '@orpc/server';
import type { BackupFile, BackupProgress } from '../../../src/shared/contract/backups.ts';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import { createHub } from './hub.ts';
import { ago, type Scenario } from './scenarios.ts';

const day = 86_400;
const kinds = ['daily', 'manual', 'before-restore'] as const;

function makeFile(index: number): BackupFile {
  const made = ago(5_400 + index * day * 0.7);
  const kind = index % 5 === 3 ? 'manual' : index === 9 ? 'before-restore' : 'daily';
  const file = `opsdeck-local-${kind}-${made.slice(0, 19).replaceAll(':', '')}Z.backup`;
  return {
    ...{ file, kind, created_at: made, bytes: 41_300_000 - index * 730_211 },
    rows: index === 6 ? null : 1_204_331 - index * 4_211,
  };
}

/** Backups of one scenario: none, some, or one under way. */
export function createFakeBackups(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract).backups;
  const hub = createHub<BackupProgress>();
  const empty = scenario === 'empty' || scenario === 'first';
  const backups = empty ? [] : Array.from({ length: scenario === 'three' ? 3 : 12 }, (_, i) => makeFile(i));
  let running: BackupProgress | null = null;
  let stopped = false;

  async function run(): Promise<void> {
    const kind = kinds[1];
    for (let step = 0; step <= 40 && !stopped; step++) {
      const stage = step <= 30 ? 'copying' : 'checking';
      const share = step <= 30 ? step / 30 : (step - 30) / 10;
      running = { stage, kind, share, rows: Math.round(1_204_331 * Math.min(1, step / 30)) };
      hub.tell(running);
      await new Promise((resolve) => setTimeout(resolve, scenario === 'syncing' ? 2_000 : 150));
    }
    running = null;
    if (!stopped) backups.unshift({ ...makeFile(0), kind, created_at: ago(0) });
    hub.tell({ stage: 'ended', kind, outcome: stopped ? 'cancelled' : 'made', message: null });
    stopped = false;
  }

  return {
    list: os.list.handler(() =>
      answer(() => ({
        folder: '/home/anna/.config/opsdeck/backups',
        backups,
        latest_daily: empty
          ? null
          : { at: ago(5_400), by: 'console 4711@kontor-2', path: '/x/y.backup', bytes: 41_300_000 },
        next_daily: empty ? ago(60) : ago(5_400 - day),
        running,
      })),
    ),
    start: os.start.handler(() => {
      if (running) return { started: false };
      void run();
      return { started: true };
    }),
    cancel: os.cancel.handler(() => ({ cancelled: (stopped = running !== null) })),
    progress: os.progress.handler(async function* () {
      yield* hub.listen();
    }),
    openFolder: os.openFolder.handler(() => ({ opened: false })),
  };
}
