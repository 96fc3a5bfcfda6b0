import { describe, expect, it } from 'vitest';
import { systemClock } from '../src/main/clock.ts';
import { silentLog, type Log } from '../src/main/log.ts';
import { stopInOrder } from '../src/main/stop-in-order.ts';

describe('an ordered stop', () => {
  it('runs one part after the other', async () => {
    const done: string[] = [];
    const step = (name: string, ms: number) => ({
      name,
      limitMs: 1000,
      run: async () => {
        await systemClock().sleep(ms);
        done.push(name);
      },
    });
    const steps = [
      step('first', 30),
      step('second', 1),
      { name: 'third', limitMs: 10, run: () => void done.push('third') },
    ];
    expect(await stopInOrder(steps, systemClock(), silentLog())).toBe(true);
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('leaves behind what fails or hangs, says so, and still runs the rest', async () => {
    const told: unknown[] = [];
    const log: Log = { ...silentLog(), error: (_message, fields) => void told.push(fields?.['part']) };
    let ran = false;
    const steps = [
      {
        name: 'throws',
        limitMs: 50,
        run: () => {
          throw new Error('at once');
        },
      },
      { name: 'rejects', limitMs: 50, run: () => Promise.reject(new Error('later')) },
      { name: 'hangs', limitMs: 20, run: () => new Promise(() => {}) },
      { name: 'last', limitMs: 50, run: () => void (ran = true) },
    ];
    expect(await stopInOrder(steps, systemClock(), log)).toBe(false);
    expect(told).toEqual(['throws', 'rejects', 'hangs']);
    expect(ran).toBe(true);
  });
});
