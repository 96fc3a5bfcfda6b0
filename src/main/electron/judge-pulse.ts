import type { WallPulse } from '../../shared/contract/wall-window.ts';

/** The page says every few seconds that it lives; one not heard of for this long is frozen, in ms. */
export const silentAfterMs = 45_000;
/** How often main looks, in ms. With `silentAfterMs` a frozen page is seen within 50 s and back within 60. */
export const lookEveryMs = 5_000;
/** A look that comes this late means that main itself, or the machine, stood still, in ms. */
const stoodStillMs = 15_000;
/** A page whose memory is high again right after it was renewed is left alone for this long, in ms. */
const restMs = 600_000;

/** What is known of a page; all times are monotonic ms. */
export interface Signs {
  /** When the page was last begun to be loaded. */
  loadedAt: number;
  beatAt: number | null;
  /** When main last stood still: what it did not hear then says nothing of the page. */
  excusedAt: number | null;
}

/** Whether the page lives. */
export function judgePulse(signs: Signs, now: number): Exclude<WallPulse['state'], 'closed'> {
  const heard = Math.max(signs.loadedAt, signs.beatAt ?? 0, signs.excusedAt ?? 0);
  if (now - heard > silentAfterMs) return 'silent';
  return signs.beatAt === null ? 'starting' : 'alive';
}

/** True when the look before this one is so long ago that nobody looked or listened meanwhile. */
export function stoodStill(lookedAt: number | null, now: number): boolean {
  return lookedAt !== null && now - lookedAt > stoodStillMs;
}

/** True when a page holds more than it may and was not renewed just now. */
export function isTooBig(
  page: { memoryMb: number | null; renewedAt: number | null },
  ceilingMb: number,
  now: number,
): boolean {
  const rested = page.renewedAt === null || now - page.renewedAt > restMs;
  return rested && page.memoryMb !== null && page.memoryMb > ceilingMb;
}
