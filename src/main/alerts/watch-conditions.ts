import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Database } from '../storage/postgres.ts';
import { moveIncident, openIncidents } from '../system/incidents.ts';
import { judgeConditions, judgedKinds, type OfficeFacts } from './judge-conditions.ts';

/** Between two looks, in ms. */
const lookMs = 15_000;

export interface ConditionWatch {
  /** Looks again now: something moved. */
  wake(): void;
  close(): Promise<void>;
}

/** Looks at the office's state now and then, and begins and ends the incidents that follow from it, once for all consoles. */
export function watchConditions(parts: {
  clock: Clock;
  log: Log;
  database: Database;
  /** True where it is this process's turn to look: the leader's, or anyone's while nobody leads. */
  mayLook(): boolean;
  gather(): Promise<OfficeFacts>;
}): ConditionWatch {
  const closing = new AbortController();
  let pause = new AbortController();
  let woken = false;

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      pause = new AbortController();
      const wait = woken ? 250 : lookMs;
      woken = false;
      await parts.clock.sleep(wait, AbortSignal.any([pause.signal, closing.signal])).catch(() => {});
      if (closing.signal.aborted) return;
      if (woken) continue;
      if (parts.mayLook())
        await lookAtConditions(parts).catch((error: unknown) => {
          parts.log.debug('The state of the office could not be judged', { error: String(error) });
        });
    }
  }
  const running = run();
  return {
    wake() {
      if (woken) return;
      woken = true;
      pause.abort();
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** One look: gathers, judges, and writes each incident that begins or ends. */
export async function lookAtConditions(parts: {
  database: Database;
  gather(): Promise<OfficeFacts>;
}): Promise<void> {
  const [facts, open] = await Promise.all([parts.gather(), openIncidents(parts.database, judgedKinds)]);
  for (const { type, message, metadata } of judgeConditions(facts, new Set(open)))
    await moveIncident(parts.database, type, message, metadata);
}
