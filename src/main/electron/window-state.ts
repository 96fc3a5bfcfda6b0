import { z } from 'zod';

/** Below this the console's screens no longer fit. */
export const minimumSize = { width: 1024, height: 700 } as const;
const usualSize = { width: 1280, height: 800 } as const;

const rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Rectangle = z.infer<typeof rectangle>;

/** What is remembered of a window: its bounds while not maximized, and whether it was. */
export const windowState = z.object({ bounds: rectangle, maximized: z.boolean() });
export type WindowState = z.infer<typeof windowState>;

/** Where a window is to open. Without x and y the system chooses. */
export interface Placement {
  bounds: { width: number; height: number } | Rectangle;
  maximized: boolean;
}

/** Enough of a title bar to take hold of. */
const graspable = { width: 120, height: 40 };

/**
 * Where a window opens, given what was remembered and the work areas of today's displays: as it was when enough of
 * its top edge is still on a display, otherwise where the system likes; never smaller than the minimum unless the
 * display is.
 */
export function placeWindow(saved: unknown, workAreas: readonly Rectangle[]): Placement {
  const read = windowState.safeParse(saved);
  if (!read.success) return { bounds: { ...usualSize }, maximized: false };
  const { bounds, maximized } = read.data;
  for (const area of workAreas) {
    // Shrunk first: what hung over from far outside may then no longer reach the display at all.
    const fitted = { x: bounds.x, y: bounds.y, ...fit(bounds, area) };
    if (isGraspable(fitted, area)) return { bounds: fitted, maximized };
  }
  return { bounds: fit(bounds, usualSize), maximized };
}

interface Size {
  width: number;
  height: number;
}

function fit(wanted: Size, most: Size): Size {
  return {
    width: Math.max(minimumSize.width, Math.min(wanted.width, most.width)),
    height: Math.max(minimumSize.height, Math.min(wanted.height, most.height)),
  };
}

function isGraspable(bounds: Rectangle, area: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const top = bounds.y >= area.y - 1 && bounds.y + graspable.height <= area.y + area.height;
  return across >= graspable.width && top;
}
