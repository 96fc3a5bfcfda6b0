import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usualSlide, wallPlan, weekdays, type WallSlide } from '../../src/shared/contract/wall-plan.ts';
import { isWithin } from '../../src/shared/time-of-day.ts';
import { slideAt, slidesFor, volumeAt, withPlan } from '../../src/shared/wall-schedule.ts';

const zone = 'Europe/Stockholm';
const slide = (
  id: string,
  given: Partial<Pick<WallSlide, 'seconds' | 'hours' | 'weekdays'>> = {},
): WallSlide => ({
  ...usualSlide,
  id,
  seconds: 10,
  ...given,
});
const idAt = (slides: WallSlide[], instant: string) => slideAt(slides, Date.parse(instant), zone).slide.id;
const dell = { label: 'DELL U2720Q', x: 0, y: 0, width: 2560, height: 1440 };

describe('whose turn it is', () => {
  it('goes round in order, each for its seconds', () => {
    const slides = [slide('a'), slide('b', { seconds: 20 }), slide('c')];
    // Round after round of 40 s from the epoch on, which is a whole number of rounds before this minute.
    const start = Math.ceil(Date.parse('2026-11-23T09:00:00Z') / 40_000) * 40_000;
    const seen = Array.from({ length: 80 }, (_, s) => slideAt(slides, start + s * 1_000, zone).slide.id).join(
      '',
    );
    const round = 'a'.repeat(10) + 'b'.repeat(20) + 'c'.repeat(10);
    expect(seen).toBe(round + round);
  });

  it('is the same after a restart, and for every wall of the plan', () => {
    const slides = [slide('a'), slide('b', { seconds: 7 })];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (now) => {
        const { slide: shown, leftMs } = slideAt(slides, now, zone);
        expect(slideAt([...slides], now, zone).slide.id).toBe(shown.id);
        expect(leftMs).toBeGreaterThan(0);
        expect(slideAt(slides, now + leftMs - 1, zone).slide.id).toBe(shown.id);
        expect(slideAt(slides, now + leftMs, zone).slide.id).not.toBe(shown.id);
      }),
    );
  });

  it('is only of slides that have their hour and their day, in the office’s time', () => {
    const office = slide('office', { hours: { from: '09:00', to: '17:00' }, weekdays: [1, 2, 3, 4, 5] });
    const evening = slide('evening', { hours: { from: '17:00', to: '09:00' } });
    const slides = [office, evening];
    // 23 November 2026 is a Monday; Stockholm is an hour ahead.
    expect(idAt(slides, '2026-11-23T07:59:59Z')).toBe('evening');
    expect(idAt(slides, '2026-11-23T08:00:00Z')).toBe('office');
    expect(idAt(slides, '2026-11-23T15:59:59Z')).toBe('office');
    expect(idAt(slides, '2026-11-23T16:00:00Z')).toBe('evening');
    // Saturday.
    expect(idAt([office, slide('other')], '2026-11-28T10:00:00Z')).toBe('other');
  });

  it('counts the small hours to the day on which the hours began', () => {
    const friday = slide('friday', { hours: { from: '22:00', to: '02:00' }, weekdays: [5] });
    const sunday = slide('sunday', { hours: { from: '22:00', to: '02:00' }, weekdays: [7] });
    expect(idAt([friday], '2026-11-27T22:30:00Z')).toBe('friday');
    expect(idAt([friday], '2026-11-28T00:30:00Z')).toBe('friday');
    expect(idAt([friday], '2026-11-27T00:30:00Z')).toBe('today');
    expect(idAt([sunday], '2026-11-30T00:30:00Z')).toBe('sunday');
  });

  it('is never nobody’s: today’s board stands in', () => {
    const never = slide('never', { hours: { from: '03:00', to: '03:01' } });
    expect(idAt([never], '2026-11-23T12:00:00Z')).toBe('today');
    expect(idAt([], '2026-11-23T12:00:00Z')).toBe('today');
  });

  it('keeps the office’s hours on the days on which clocks are set', () => {
    const noon = slide('noon', { hours: { from: '12:00', to: '13:00' } });
    for (const [before, within, after] of [
      ['2026-03-29T09:59:59Z', '2026-03-29T10:00:00Z', '2026-03-29T11:00:00Z'],
      ['2026-10-25T10:59:59Z', '2026-10-25T11:00:00Z', '2026-10-25T12:00:00Z'],
    ] as const)
      expect([idAt([noon], before), idAt([noon], within), idAt([noon], after)]).toEqual([
        'today',
        'noon',
        'today',
      ]);
  });
});

describe('hours of the day', () => {
  it('hold from the first to before the last minute, over midnight too', () => {
    const evening = { from: '18:00', to: '08:00' };
    expect(
      ['17:59', '18:00', '23:59', '00:00', '07:59', '08:00'].map((time) => isWithin(time, evening)),
    ).toEqual([false, true, true, true, true, false]);
    const lunch = { from: '12:00', to: '13:00' };
    expect(['11:59', '12:00', '12:59', '13:00'].map((time) => isWithin(time, lunch))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(isWithin('03:00', { from: '08:00', to: '08:00' })).toBe(true);
  });
});

describe('the volume', () => {
  it('is the latest step’s, the last one’s over midnight, and the usual one without steps', () => {
    const steps = [
      { from: '17:00', volume: 20 },
      { from: '08:00', volume: 60 },
    ];
    expect(
      ['07:59', '08:00', '16:59', '17:00', '23:59', '00:00'].map((time) => volumeAt(steps, 70, time)),
    ).toEqual([20, 60, 60, 20, 20, 20]);
    expect(volumeAt([], 70, '12:00')).toBe(70);
  });
});

describe('the slides of a display', () => {
  const plan = (id: string, display: typeof dell | null) => ({ display, slides: [slide(id)] });

  it('are of its own plan by name and place, then by name, then of the main display’s', () => {
    const left = { ...dell, label: 'Wall' };
    const right = { ...left, x: 2560 };
    const plans = [plan('main', null), plan('left', left), plan('right', right)];
    expect(slidesFor(plans, right)[0]?.id).toBe('right');
    expect(slidesFor(plans, { ...right, x: 9_999 })[0]?.id).toBe('left');
    expect(slidesFor(plans, dell)[0]?.id).toBe('main');
    expect(slidesFor(plans, null)[0]?.id).toBe('main');
    expect(slidesFor([], dell)).toEqual([usualSlide]);
  });

  it('are replaced alone', () => {
    const plans = withPlan(withPlan([plan('main', null)], plan('dell', dell)), plan('new', dell));
    expect(plans.map(({ slides }) => slides[0]?.id)).toEqual(['main', 'new']);
    expect(withPlan(plans, plan('other', null)).map(({ slides }) => slides[0]?.id)).toEqual(['other', 'new']);
  });

  it('are read strictly: no empty plan, no slide for a second or an hour', () => {
    expect(wallPlan.safeParse({ display: null, slides: [] }).success).toBe(false);
    for (const seconds of [4, 601, 7.5])
      expect(wallPlan.safeParse({ display: null, slides: [slide('a', { seconds })] }).success).toBe(false);
    expect(wallPlan.safeParse({ display: null, slides: [slide('a', { weekdays: [] })] }).success).toBe(false);
    expect(
      wallPlan.safeParse({ display: null, slides: [slide('a', { weekdays: [...weekdays] })] }).success,
    ).toBe(true);
  });
});
