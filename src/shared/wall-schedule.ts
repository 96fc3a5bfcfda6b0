import { isWithin, localTime, type LocalTime } from './time-of-day.ts';
import { usualSlide, type VolumeStep, type WallPlan, type WallSlide } from './contract/wall-plan.ts';
import type { DisplayName } from './contract/wall-window.ts';

/** The slide that has its turn, and for how many ms more. */
export interface Turn {
  readonly slide: WallSlide;
  readonly leftMs: number;
}

/**
 * Which slide is shown at an instant (epoch ms). Only the clock and the settings decide, so a page that was loaded anew
 * shows what the one before it did, and two walls of one plan show the same. Never nothing: where no slide has its
 * hour, today's board stands in.
 */
export function slideAt(slides: readonly WallSlide[], now: number, zone: string): Turn {
  const when = localTime(now, zone);
  const shown = slides.filter((slide) => isScheduled(slide, when));
  const turns = shown.length > 0 ? shown : [usualSlide];
  const round = turns.reduce((sum, { seconds }) => sum + seconds * 1000, 0);
  let left = now % round;
  for (const slide of turns) {
    const length = slide.seconds * 1000;
    if (left < length) return { slide, leftMs: length - left };
    left -= length;
  }
  return { slide: turns[0] ?? usualSlide, leftMs: round };
}

/** The small hours of hours that run over midnight belong to the day on which they began. */
function isScheduled({ hours, weekdays }: WallSlide, { time, weekday }: LocalTime): boolean {
  if (hours === null) return weekdays.includes(weekday);
  if (!isWithin(time, hours)) return false;
  const began = hours.from >= hours.to && time < hours.to ? ((weekday + 5) % 7) + 1 : weekday;
  return weekdays.includes(began);
}

/** How loud it is at a time of the day, HH:MM; without steps as loud as usual. */
export function volumeAt(steps: readonly VolumeStep[], usual: number, time: string): number {
  const inOrder = [...steps].sort((a, b) => (a.from < b.from ? -1 : 1));
  const now = inOrder.filter(({ from }) => from <= time).at(-1) ?? inOrder.at(-1);
  return now?.volume ?? usual;
}

/**
 * The slides of a display: of the plan made for it, by name and place, then by name alone; a display without a plan
 * shows that of the main one, and a console without plans today's board.
 */
export function slidesFor(plans: readonly WallPlan[], display: DisplayName | null): readonly WallSlide[] {
  return planFor(plans, display)?.slides ?? [usualSlide];
}

function planFor(plans: readonly WallPlan[], display: DisplayName | null): WallPlan | undefined {
  const ofMain = plans.find((plan) => plan.display === null);
  if (display === null) return ofMain;
  return (
    plans.find((plan) => isSame(plan.display, display)) ??
    plans.find((plan) => display.label !== '' && plan.display?.label === display.label) ??
    ofMain
  );
}

/** The plans with another one for this display. */
export function withPlan(plans: readonly WallPlan[], next: WallPlan): WallPlan[] {
  const same = (plan: WallPlan) =>
    plan.display === null ? next.display === null : isSame(plan.display, next.display);
  return plans.some(same) ? plans.map((plan) => (same(plan) ? next : plan)) : [...plans, next];
}

function isSame(a: DisplayName | null, b: DisplayName | null): boolean {
  if (a === null || b === null) return a === b;
  return a.label === b.label && a.x === b.x && a.y === b.y;
}
