import { describe, expect, it } from 'vitest';
import type { Celebration } from '../../../src/shared/contract/wall.ts';
import { burstMelody, honourMelody, melodyOf, summaryMelody } from '../../../src/renderer/bell.ts';
import { celebrationMs, melodyFor } from '../../../src/renderer/wall/follow-wall.ts';
import { join, turn, type Party } from '../../../src/renderer/wall/wall-store.ts';

const celebration = (number: number, patch: Partial<Celebration> = {}): Celebration => ({
  number,
  kind: 'pling',
  deals: [{ user_id: '901', agent: 'Erik', commission: 1, campaign: null, multi_deals: 1 }],
  count: 1,
  commission: 1,
  since: null,
  silent: false,
  volume: 70,
  honours: [],
  rehearsal: false,
  ...patch,
});
const nobody: Party = { now: null, waiting: [], trying: false };

describe('celebrations', () => {
  it('are shown one after the other, each under four seconds', () => {
    expect(celebrationMs).toBeLessThan(4_000);
    const both = join(join(nobody, celebration(1)), celebration(2));
    const first = turn(both);
    expect([first.now?.number, first.waiting.length]).toEqual([1, 1]);
    const second = turn(first);
    expect([second.now?.number, second.waiting.length]).toEqual([2, 0]);
    expect(turn(second).now).toBeNull();
  });

  it('are never shown twice, and never pile up', () => {
    const shown = turn(join(nobody, celebration(3)));
    expect(join(shown, celebration(3))).toBe(shown);
    let party = nobody;
    for (let number = 1; number <= 100; number += 1) party = join(party, celebration(number));
    expect(party.waiting.length).toBeLessThanOrEqual(10);
    expect(party.waiting.at(-1)?.number).toBe(100);
  });
});

describe('sounds', () => {
  it('are an agent’s own and stay so; a burst runs upwards, a number makes one low note', () => {
    expect(melodyFor(celebration(1))).toEqual(melodyOf('901'));
    expect(melodyFor(celebration(1, { kind: 'summary' }))).toEqual(summaryMelody);
    const three = [1, 2, 3].flatMap(() => celebration(1).deals);
    expect(melodyFor(celebration(1, { kind: 'burst', deals: three }))).toEqual(burstMelody(3));
    expect(melodyFor(celebration(1, { honours: ['target', 'big'] }))).toEqual(honourMelody('target'));
    const voices = new Set(Array.from({ length: 200 }, (_, id) => melodyOf(String(900 + id)).join()));
    expect(voices.size).toBe(20);
  });
});
