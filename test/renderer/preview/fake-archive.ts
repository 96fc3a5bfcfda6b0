import { implement } from '@orpc/server';
import type { ArchiveMove } from '../../../src/shared/contract/archive.ts';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import { createHub } from './hub.ts';
import { ago, type Scenario } from './scenarios.ts';

const day = 86_400;

/** An archive that moves some deals at a time. */
export function createFakeArchive(
  scenario: Scenario,
  answer: <T>(make: () => T) => Promise<T>,
  isOn: () => boolean,
) {
  const os = implement(consoleContract).archive;
  const hub = createHub<ArchiveMove>();
  let running: ArchiveMove | null = null;
  let stopped = false;
  let deals = scenario === 'empty' ? 0 : 214_330;
  let due = scenario === 'empty' ? 0 : 1_840;

  async function run(kind: ArchiveMove['kind']): Promise<void> {
    let moved = 0;
    for (; moved < due && !stopped; moved += 500) {
      running = { stage: 'moving', kind, moved };
      hub.tell(running);
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    running = null;
    deals += due;
    due = 0;
    hub.tell({ stage: 'ended', kind, moved, outcome: stopped ? 'cancelled' : 'done', message: null });
  }

  return {
    view: os.view.handler(() =>
      answer(() => ({
        deals,
        oldest: deals === 0 ? null : ago(day * 1_400),
        newest: deals === 0 ? null : ago(day * 366),
        last_moved: deals === 0 ? null : ago(1_800),
        before: ago(day * 365),
        due,
        on: isOn(),
        running,
      })),
    ),
    start: os.start.handler(({ input }) => {
      void run(input.kind);
      return { started: true };
    }),
    cancel: os.cancel.handler(() => ({ cancelled: (stopped = running !== null) })),
    progress: os.progress.handler(async function* () {
      yield* hub.listen();
    }),
  };
}
