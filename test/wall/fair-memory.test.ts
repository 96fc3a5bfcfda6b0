import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/main/clock.ts';
import { createFairMemory } from '../../src/main/wall/fair-memory.ts';
import type { FairFacts } from '../../src/shared/contract/boards.ts';

const minute = 60_000;
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function open() {
  let now = 0;
  let hideLast = 2;
  const asked: string[] = [];
  const told: number[] = [];
  const answers: (FairFacts | Error)[] = [];
  const facts = (best: number): FairFacts => ({
    best: { '1': best },
    before: null,
    rookies: null,
    hide_last: 9,
  });
  const memory = createFairMemory({
    clock: { monotonic: () => now } as Clock,
    read(period) {
      asked.push(period);
      const answer = answers.shift() ?? facts(1);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    hideLast: () => hideLast,
    onRead: () => told.push(now),
  });
  return {
    ...{ memory, asked, told, answers, facts },
    pass: (ms: number) => (now += ms),
    hide: (places: number) => (hideLast = places),
  };
}

describe('what the wall’s boards are marked by', () => {
  it('marks nobody until it is known, tells when it is, and knows at once who is not named', async () => {
    const { memory, asked, told, hide } = open();
    expect(memory.of('week')).toEqual({ best: null, before: null, rookies: null, hide_last: 2 });
    await settled();
    expect(memory.of('week')).toMatchObject({ best: { '1': 1 }, hide_last: 2 });
    hide(4);
    expect(memory.of('week').hide_last).toBe(4);
    expect([asked, told]).toEqual([['week'], [0]]);
  });

  it('is asked for again after five minutes, each period by itself, and told only where it differs', async () => {
    const { memory, asked, told, answers, facts, pass } = open();
    memory.of('week');
    await settled();
    pass(4 * minute);
    memory.of('week');
    memory.of('month');
    await settled();
    expect(asked).toEqual(['week', 'month']);
    pass(minute);
    memory.of('week');
    await settled();
    expect([asked.length, told.length]).toEqual([3, 2]);
    pass(5 * minute);
    answers.push(facts(7));
    // The last known ones, meanwhile.
    expect(memory.of('week').best).toEqual({ '1': 1 });
    await settled();
    expect(memory.of('week').best).toEqual({ '1': 7 });
    expect(told.length).toBe(3);
  });

  it('stands through a failure, and is tried again after half a minute', async () => {
    const { memory, asked, answers, facts, pass } = open();
    memory.of('today');
    await settled();
    pass(5 * minute);
    answers.push(new Error('away'), facts(3));
    memory.of('today');
    await settled();
    expect(memory.of('today').best).toEqual({ '1': 1 });
    expect(asked).toHaveLength(2);
    pass(30_000);
    memory.of('today');
    await settled();
    expect(memory.of('today').best).toEqual({ '1': 3 });
  });

  it('takes no answer that was on its way when it was forgotten', async () => {
    const { memory, asked, answers, facts } = open();
    answers.push(facts(1), facts(2));
    memory.of('today');
    memory.forget();
    memory.of('today');
    await settled();
    expect(asked).toHaveLength(2);
    expect(memory.of('today').best).toEqual({ '1': 2 });
  });
});
