import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseDisplay, type DisplayFacts } from '../../src/main/electron/choose-display.ts';

const desk: DisplayFacts = { label: 'DELL', x: 0, y: 0, width: 2560, height: 1440, primary: true };
const tv: DisplayFacts = { label: 'TV', x: 2560, y: 0, width: 3840, height: 2160, primary: false };
const name = ({ label, x, y, width, height }: DisplayFacts) => ({ label, x, y, width, height });

describe('the display of the wall', () => {
  it('is the main one until another is named', () => {
    expect(chooseDisplay(null, [tv, desk])).toEqual({ index: 1, standIn: false });
    expect(chooseDisplay(null, [])).toEqual({ index: 0, standIn: false });
  });

  it('is found by its name wherever it was moved to, and however it is driven now', () => {
    expect(chooseDisplay(name(tv), [desk, { ...tv, x: -3840 }])).toEqual({ index: 1, standIn: false });
    expect(chooseDisplay(name(tv), [desk, { ...tv, width: 1920, height: 1080 }])).toEqual({
      index: 1,
      standIn: false,
    });
  });

  it('is told from a twin by its place, then by its size', () => {
    const twin = { ...tv, x: 6400 };
    expect(chooseDisplay(name(twin), [desk, tv, twin]).index).toBe(2);
    const smaller = { ...tv, x: 9_000, width: 1920 };
    expect(chooseDisplay(name(tv), [smaller, { ...tv, x: 8_000 }]).index).toBe(1);
  });

  it('without a name is the one at its place with its size, and no other', () => {
    const nameless = { ...tv, label: '' };
    expect(chooseDisplay(name(nameless), [desk, nameless])).toEqual({ index: 1, standIn: false });
    expect(chooseDisplay(name(nameless), [desk, { ...nameless, width: 800 }])).toEqual({
      index: 0,
      standIn: true,
    });
    expect(chooseDisplay(name(tv), [desk, { ...tv, label: 'Projector' }])).toEqual({
      index: 0,
      standIn: true,
    });
  });

  it('comes back when it was away, whatever happened to the others', () => {
    const other = fc.record({
      label: fc.constantFrom('', 'DELL', 'LG'),
      x: fc.integer({ min: -5_000, max: 5_000 }),
      y: fc.integer({ min: -5_000, max: 5_000 }),
      width: fc.constantFrom(1280, 1920, 3840),
      height: fc.constantFrom(800, 1080, 2160),
      primary: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(other, { minLength: 1, maxLength: 4 }), fc.nat(4), (others, at) => {
        const away = chooseDisplay(name(tv), others);
        expect(others[away.index]).toBeDefined();
        const back: DisplayFacts[] = [...others];
        back.splice(at, 0, tv);
        const found = chooseDisplay(name(tv), back);
        expect(back[found.index]).toBe(tv);
        expect(found.standIn).toBe(false);
      }),
    );
  });
});
