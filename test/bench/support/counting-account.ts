import type { Clock } from '../../../src/main/clock.ts';
import { Answerer } from '../../../src/main/sandbox/adversus/answer-request.ts';
import { AdversusState } from '../../../src/main/sandbox/adversus/state.ts';
import { createSwitchBoard } from '../../../src/main/sandbox/adversus/switches.ts';
import { createZoneTime } from '../../../src/main/sandbox/zone-time.ts';
import type { Fetch } from '../../../src/main/upstream/send-request.ts';

/** The sandbox's vendor without a network, on simulated time: it refuses nothing and writes down what it sees. */
export interface CountingAccount {
  state: AdversusState;
  fetch: Fetch;
  /** When each call arrived, in ms. */
  arrivals: number[];
  mostAtOnce(): number;
}

/** `random` gives 0 to 1: travel takes up to 150 ms each way, an answer 200 to 1 200 ms, one in fifty 20 s. */
export function openAccount(options: {
  clock: Clock;
  random: () => number;
  pageSize: number;
  timeZone: string;
}): CountingAccount {
  const { clock, random } = options;
  const state = new AdversusState(() => clock.wall());
  const board = createSwitchBoard({ maxPageSize: options.pageSize });
  const answerer = new Answerer(
    state,
    board,
    createZoneTime(options.timeZone),
    () => 'http://vendor.test/v1',
  );
  const arrivals: number[] = [];
  let atOnce = 0;
  let most = 0;
  return {
    state,
    arrivals,
    mostAtOnce: () => most,
    async fetch(address, { signal }) {
      const { pathname, searchParams } = new URL(address);
      await clock.sleep(random() * 150, signal ?? undefined);
      arrivals.push(clock.wall());
      atOnce += 1;
      most = Math.max(most, atOnce);
      // The page is what the vendor holds somewhere between arrival and answer.
      const workMs = random() < 0.02 ? 20_000 : 200 + random() * 1_000;
      await clock.sleep(workMs / 2).catch(() => {});
      const answer = answerer.answer(
        {
          number: arrivals.length,
          path: pathname.slice('/v1'.length),
          query: Object.fromEntries(searchParams),
        },
        [],
      );
      await clock.sleep(workMs / 2).catch(() => {});
      atOnce -= 1;
      await clock.sleep(random() * 150, signal ?? undefined);
      return new Response(answer.body as string, { status: answer.status });
    },
  };
}
