import { expect, test } from 'vitest';
import { createSandboxClock } from '../../src/main/sandbox/sandbox-clock.ts';

function realTime(start: number) {
  let now = start;
  return { realNow: () => now, pass: (milliseconds: number) => (now += milliseconds) };
}

test('runs with real time from where it was set', () => {
  const real = realTime(5000);
  const clock = createSandboxClock({ realNow: real.realNow });
  expect(clock.now()).toBe(5000);
  clock.set('2026-01-01T00:00:00Z');
  real.pass(1500);
  expect(new Date(clock.now()).toISOString()).toBe('2026-01-01T00:00:01.500Z');
});

test('stands still when frozen, moves only when told, and runs on from there', () => {
  const real = realTime(0);
  const clock = createSandboxClock({ start: 1000, speed: 0, realNow: real.realNow });
  real.pass(99_000);
  expect(clock.now()).toBe(1000);
  clock.advance(500);
  expect(clock.now()).toBe(1500);
  clock.run(60);
  real.pass(1000);
  expect(clock.now()).toBe(61_500);
  clock.freeze();
  real.pass(1000);
  expect(clock.now()).toBe(61_500);
});

test('refuses what is not an instant', () => {
  expect(() => createSandboxClock({ start: 'yesterday' })).toThrow(RangeError);
});
