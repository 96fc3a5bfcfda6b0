import { describe, expect, it } from 'vitest';
import { decideHonours } from '../../src/main/wall/decide-honours.ts';
import { wallDeal } from './wall-deals.ts';

const all = { big: 5_000, first: true, target: true };
const target = { figure: 'deals', goal: 3 } as const;
const [a, b, c] = [wallDeal({ id: 1 }), wallDeal({ id: 2 }), wallDeal({ id: 3, commission: 5_000 })];
const day = (today: ReturnType<typeof wallDeal>[], given: { unheard?: boolean; told?: string[] } = {}) => ({
  today,
  unheard: given.unheard ?? false,
  told: (honour: string) => given.told?.includes(honour) ?? false,
});

describe('why a deal is celebrated more than others', () => {
  it('is that it is the day’s first, big, or the one with which the target is reached', () => {
    expect(decideHonours([a], day([a]), { cheers: all, target })).toEqual(['first']);
    expect(decideHonours([b], day([a, b]), { cheers: all, target })).toEqual([]);
    expect(decideHonours([c], day([a, b, c]), { cheers: all, target })).toEqual(['target', 'big']);
    const fourth = wallDeal({ id: 4 });
    expect(decideHonours([fourth], day([a, b, c, fourth]), { cheers: all, target })).toEqual([]);
  });

  it('is nothing of that while it is switched off, or without a target', () => {
    const off = { big: null, first: false, target: false };
    expect(decideHonours([a, b, c], day([a, b, c]), { cheers: off, target })).toEqual([]);
    expect(decideHonours([a, b, c], day([a, b, c]), { cheers: all, target: null })).toEqual(['big', 'first']);
  });

  it('is once a day where a day has it once, though a deal was removed since', () => {
    const told = ['first', 'target'];
    expect(decideHonours([a], day([a], { told }), { cheers: all, target })).toEqual([]);
    expect(decideHonours([c], day([a, b, c], { told }), { cheers: all, target })).toEqual(['big']);
  });

  it('counts deals as boards do, and commission to the öre', () => {
    const twice = wallDeal({ id: 5, multiDeals: 3 });
    expect(decideHonours([twice], day([twice]), { cheers: all, target })).toEqual(['target', 'first']);
    const tenth = (id: number) => wallDeal({ id, commission: 0.1 });
    const three = [tenth(6), tenth(7), tenth(8)];
    const goal = { figure: 'commission', goal: 0.3 } as const;
    expect(decideHonours([three[2]!], day(three), { cheers: all, target: goal })).toEqual(['target']);
  });

  it('is the target alone of what came while nobody listened', () => {
    expect(decideHonours([a, b, c], day([a, b, c], { unheard: true }), { cheers: all, target })).toEqual([
      'target',
    ]);
  });
});
