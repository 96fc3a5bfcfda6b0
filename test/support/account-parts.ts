import type { SubmitDeps } from '../../src/main/accounts/submit-account.ts';
import type { Clock } from '../../src/main/clock.ts';
import { silentLog } from '../../src/main/log.ts';
import type { Database } from '../../src/main/storage/postgres.ts';
import { createModeCache } from '../../src/main/system/mode.ts';
import { createQueueOutage } from '../../src/main/system/tasks/queue-outage.ts';
import { createTaskQueue } from '../../src/main/system/tasks/task-queue.ts';

/** What a workspace has for requests for accounts: without a directory unless one is given. */
export function accountParts(
  on: { database: Database; clock: Clock; processId: string },
  given: Partial<SubmitDeps> = {},
): SubmitDeps {
  const { database, clock } = on;
  return {
    ...on,
    claims: new Set(),
    mode: createModeCache(on),
    directory: () => {
      throw new Error('no directory in this test');
    },
    queue: createTaskQueue({
      url: database.url,
      label: 'test',
      separate: false,
      applicationName: `opsdeck test ${on.processId}`,
      kind: 'provision-account/test',
      log: silentLog(),
    }),
    outage: createQueueOutage({ database, clock, log: silentLog(), label: 'test' }),
    ...given,
  };
}
