import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addSlide,
  changeSlide,
  moveSlide,
  newSlide,
  removeSlide,
  toggleDay,
} from '../../../src/renderer/wall-editor/edit-slides.ts';
import { mostSlides, slideKinds, wallSlide } from '../../../src/shared/contract/wall-plan.ts';

const three = ['a', 'b', 'c'].map((id) => newSlide('board', id));
const ids = (slides: readonly { id: string }[]) => slides.map(({ id }) => id).join('');

describe('slides', () => {
  it('are added behind the chosen one, each kind as one that a wall takes', () => {
    expect(ids(addSlide(three, newSlide('trend', 'd'), 'a'))).toBe('adbc');
    expect(ids(addSlide(three, newSlide('trend', 'd'), null))).toBe('abcd');
    for (const kind of slideKinds) expect(wallSlide.parse(newSlide(kind, 'x')).kind).toBe(kind);
    const full = Array.from({ length: mostSlides }, (_, n) => newSlide('target', `s${n}`));
    expect(addSlide(full, newSlide('target', 'more'), null)).toBe(full);
  });

  it('are moved within their ends, and none is lost or doubled', () => {
    expect(ids(moveSlide(three, 'a', 2))).toBe('bca');
    expect(ids(moveSlide(three, 'c', -5))).toBe('cab');
    expect(ids(moveSlide(three, 'b', 99))).toBe('acb');
    expect(moveSlide(three, 'nobody', 0)).toBe(three);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -3, max: 5 }))),
        (moves) => {
          const end = moves.reduce(
            (slides, [id, to]) => moveSlide(slides, id, to),
            three as ReturnType<typeof moveSlide>,
          );
          expect(ids(end).split('').sort().join('')).toBe('abc');
        },
      ),
    );
  });

  it('never become none', () => {
    expect(ids(removeSlide(three, 'b'))).toBe('ac');
    expect(ids(removeSlide([three[0]!], 'a'))).toBe('today');
  });

  it('are changed alone', () => {
    const next = { ...three[1]!, seconds: 99 };
    expect(changeSlide(three, next).map(({ seconds }) => seconds)).toEqual([15, 99, 15]);
  });

  it('keep their days in order, and at least one', () => {
    expect(toggleDay([1, 2, 5], 3)).toEqual([1, 2, 3, 5]);
    expect(toggleDay([1, 2], 2)).toEqual([1]);
    expect(toggleDay([1], 1)).toEqual([1]);
  });
});
