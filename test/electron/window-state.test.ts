import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimumSize, placeWindow, type Rectangle } from '../../src/main/electron/window-state.ts';

const screen: Rectangle = { x: 0, y: 0, width: 1920, height: 1040 };
const left: Rectangle = { x: -1280, y: 100, width: 1280, height: 984 };

describe('a window', () => {
  it('opens where it was, on any display, maximized if it was', () => {
    const bounds = { x: -1200, y: 150, width: 1100, height: 800 };
    expect(placeWindow({ bounds, maximized: true }, [screen, left])).toEqual({ bounds, maximized: true });
  });

  it('opens where the system likes when its display is gone or its title bar cannot be reached', () => {
    for (const away of [
      { x: -1200, y: 150 },
      { x: 0, y: 1030 },
      { x: 1900, y: 0 },
      { x: 10, y: -700 },
    ]) {
      const placed = placeWindow({ bounds: { ...away, width: 1100, height: 800 }, maximized: false }, [
        screen,
      ]);
      expect(placed.bounds).toEqual({ width: 1100, height: 800 });
    }
  });

  it('opens as usual when nothing usable was remembered', () => {
    for (const saved of [
      null,
      undefined,
      {},
      'x',
      { bounds: { x: 0, y: 0, width: NaN, height: 5 }, maximized: false },
    ]) {
      expect(placeWindow(saved, [screen])).toEqual({
        bounds: { width: 1280, height: 800 },
        maximized: false,
      });
    }
  });

  it('is never smaller than its screens need nor larger than a display that fits it', () => {
    const number = fc.integer({ min: -5000, max: 5000 });
    const size = fc.integer({ min: 1, max: 9000 });
    const rectangle = fc.record({ x: number, y: number, width: size, height: size });
    fc.assert(
      fc.property(rectangle, fc.array(rectangle, { maxLength: 3 }), (bounds, areas) => {
        const placed = placeWindow({ bounds, maximized: false }, areas).bounds;
        expect(placed.width).toBeGreaterThanOrEqual(minimumSize.width);
        expect(placed.height).toBeGreaterThanOrEqual(minimumSize.height);
        const widest = Math.max(1280, ...areas.map((area) => area.width));
        expect(placed.width).toBeLessThanOrEqual(widest);
        if ('x' in placed) {
          const reachable = areas.some(
            (area) => placed.x < area.x + area.width && placed.x + placed.width > area.x,
          );
          expect(reachable).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
