import type { DisplayName } from '../../shared/contract/wall-window.ts';

export interface DisplayFacts extends DisplayName {
  primary: boolean;
}

/** Place of the chosen display in the list, and whether it only stands in for the wanted one. */
export interface ChosenDisplay {
  index: number;
  standIn: boolean;
}

/**
 * Finds the display that was named, whatever else was plugged in or moved since: by name and place, then by name
 * alone, then, where the system gives no names, by place and size. Without it the main display stands in.
 */
export function chooseDisplay(wanted: DisplayName | null, displays: readonly DisplayFacts[]): ChosenDisplay {
  const main = Math.max(
    0,
    displays.findIndex(({ primary }) => primary),
  );
  if (wanted === null) return { index: main, standIn: false };
  const named = (display: DisplayFacts) => wanted.label !== '' && display.label === wanted.label;
  const placed = (display: DisplayFacts) => display.x === wanted.x && display.y === wanted.y;
  const sized = (display: DisplayFacts) => display.width === wanted.width && display.height === wanted.height;
  const nameless = (display: DisplayFacts) => wanted.label === '' || display.label === '';
  const tries: ((display: DisplayFacts) => boolean)[] = [
    (display) => named(display) && placed(display),
    (display) => named(display) && sized(display),
    named,
    (display) => nameless(display) && placed(display) && sized(display),
  ];
  for (const fits of tries) {
    const index = displays.findIndex(fits);
    if (index >= 0) return { index, standIn: false };
  }
  return { index: main, standIn: true };
}
