import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { runRules, type LookedAt, type RuleDeps } from './run-rules.ts';

/** A round by itself at least so often, for rules that wait for a case's age, in ms. */
const roundMs = 60_000;

export interface Rules {
  /** Cases or rules moved: a round is due now. `anew`: the database may be in another state; every case is looked at again. */
  wake(anew?: boolean): void;
  close(): Promise<void>;
}

/** Asks the rules in the leading process, after each change of the queue and every minute. */
export function keepRules(options: { clock: Clock; log: Log; leads(): boolean; deps(): RuleDeps }): Rules {
  const { clock, log } = options;
  const closing = new AbortController();
  let pause = new AbortController();
  let due = false;
  let anew = false;
  const looked: LookedAt = new Map();

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      if (!due) {
        pause = new AbortController();
        await clock.sleep(roundMs, AbortSignal.any([pause.signal, closing.signal])).catch(() => {});
      }
      due = false;
      if (closing.signal.aborted || !options.leads()) {
        // Whoever leads meanwhile may leave cases as no mark of ours tells.
        anew = true;
        continue;
      }
      // Here, since a round under way writes it at its end.
      if (anew) looked.clear();
      anew = false;
      try {
        const decided = await runRules(options.deps(), closing.signal, looked);
        if (decided > 0) log.info('Rules decided cases', { decided });
      } catch (error) {
        if (!closing.signal.aborted) log.debug('A round of rules was put off', { error: String(error) });
      }
    }
  }
  const looping = loop();

  return {
    wake(all = false) {
      anew ||= all;
      due = true;
      pause.abort();
    },
    async close() {
      closing.abort();
      await looping;
    },
  };
}
