import { describe, expect, it } from 'vitest';
import { paceMessages } from '../../src/main/electron/pace-messages.ts';

/** Turns that the test lets happen one by one. */
function manual() {
  const turns: Array<() => void> = [];
  const handled: number[] = [];
  const refused: number[] = [];
  const send = paceMessages<number>(
    (message) => handled.push(message),
    (message) => refused.push(message),
    (turn) => turns.push(turn),
  );
  return { turns, handled, refused, send };
}

describe('messages', () => {
  it('that come alone are handled at once', () => {
    const { send, handled } = manual();
    send(1);
    expect(handled).toEqual([1]);
  });

  it('that come in a flood keep their order, a few in each turn, and the rest is refused', () => {
    const { send, handled, refused, turns } = manual();
    for (let message = 0; message < 5000; message += 1) send(message);
    expect(handled.length).toBeLessThan(50);
    let most = 0;
    while (turns.length > 0) {
      const before = handled.length;
      turns.shift()?.();
      most = Math.max(most, handled.length - before);
    }
    expect(most).toBeLessThan(50);
    expect(handled).toEqual([...handled].sort((a, b) => a - b));
    expect(handled.length + refused.length).toBe(5000);
    expect(handled.length).toBeGreaterThan(2000);
  });

  it('leave no turn behind when nothing waits', () => {
    const { send, turns } = manual();
    for (let message = 0; message < 20; message += 1) send(message);
    for (let count = 0; turns.length > 0; count += 1) {
      turns.shift()?.();
      expect(count).toBeLessThan(10);
    }
    send(1);
    expect(turns).toHaveLength(1);
  });
});
