import { z } from 'zod';
import { displayName } from './wall-window.ts';

/** HH:MM of the office's day. */
export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
/** From the first time up to the second; may run over midnight. */
export const hoursOfDay = z.object({ from: timeOfDay, to: timeOfDay });

export const wallPeriods = ['today', 'week', 'month'] as const;
export type WallPeriod = (typeof wallPeriods)[number];
/** What a board is ordered by. */
export const wallMetrics = ['deals', 'commission', 'sms', 'conversion'] as const;
export type WallMetric = (typeof wallMetrics)[number];
/** Whose standings a board shows: all agents', those who began lately among themselves, or groups'. */
export const wallSides = ['agents', 'rookies', 'groups'] as const;
export type WallSide = (typeof wallSides)[number];
/** What can be added up over a day. */
export const wallFigures = ['deals', 'commission'] as const;
export type WallFigure = (typeof wallFigures)[number];
export const slideKinds = ['board', 'trend', 'metrics', 'battle', 'target', 'waiting'] as const;
export type SlideKind = (typeof slideKinds)[number];

/** Seconds that a slide may be shown at a time. */
export const slideSeconds = { min: 5, max: 600 } as const;
/** Slides of one display at most. */
export const mostSlides = 24;
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

const period = z.enum(wallPeriods);
const figure = z.enum(wallFigures);
const common = {
  /** Stays with the slide when it is moved. */
  id: z.string().min(1).max(40),
  seconds: z.number().int().min(slideSeconds.min).max(slideSeconds.max),
  /** Office hours in which it is shown; null: all day. */
  hours: hoursOfDay.nullable(),
  /** Days on which it is shown, 1 for Monday. */
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).max(7),
};

/** One picture of the wall: what it shows, for how long, and when. */
export const wallSlide = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('board'),
    period,
    by: z.enum(wallSides),
    metric: z.enum(wallMetrics),
  }),
  z.object({ ...common, kind: z.literal('trend'), period: z.enum(['week', 'month']), figure }),
  z.object({ ...common, kind: z.literal('metrics'), period }),
  /** Groups against each other. */
  z.object({ ...common, kind: z.literal('battle'), period, figure }),
  /** How far today is on the way to the target. */
  z.object({ ...common, kind: z.literal('target') }),
  /** How many duplicates wait for a person; nothing of what they are about. */
  z.object({ ...common, kind: z.literal('waiting') }),
]);
export type WallSlide = z.infer<typeof wallSlide>;

/** The slides of one display in their order; a display of null is the main one. */
export const wallPlan = z.object({
  display: displayName.nullable(),
  slides: z.array(wallSlide).min(1).max(mostSlides),
});
export type WallPlan = z.infer<typeof wallPlan>;

/** What today is to bring. */
export const wallTarget = z.object({ figure, goal: z.number().positive().max(1_000_000_000) });
export type WallTarget = z.infer<typeof wallTarget>;

/** Which deals have a celebration of their own. */
export const wallCheers = z.object({
  /** A deal of at least this commission; null: none is too big. */
  big: z.number().positive().max(1_000_000_000).nullable(),
  /** The first deal of the office's day. */
  first: z.boolean(),
  /** The deal with which today's target is reached. */
  target: z.boolean(),
});
export type WallCheers = z.infer<typeof wallCheers>;

/** From a time of the day on, until the next step; the last one lasts over midnight. */
export const volumeStep = z.object({ from: timeOfDay, volume: z.number().int().min(0).max(100) });
export type VolumeStep = z.infer<typeof volumeStep>;

/** What a wall shows that nobody arranged: today's board, always. */
export const usualSlide: WallSlide = {
  id: 'today',
  kind: 'board',
  period: 'today',
  by: 'agents',
  metric: 'deals',
  seconds: 20,
  hours: null,
  weekdays: [...weekdays],
};
