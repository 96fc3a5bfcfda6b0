import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { boardView, fairFacts } from './boards.ts';
import { boardRow, instant, money } from './deals.ts';
import { wallPeriods, wallSlide, wallTarget } from './wall-plan.ts';

/** Today's standings, answered from memory: also while the database is away. */
export const wallBoard = z.object({
  /** The office-local calendar day, YYYY-MM-DD, and the zone it is in. */
  day: z.string(),
  time_zone: z.string(),
  /** Number of the last change this is built from. */
  seq: z.number().int(),
  totals: z.object({ deals: z.number().int(), commission: money, sms: z.number().int() }),
  /** Deals among these that are not in the database yet. */
  unsaved: z.number().int(),
  board: z.array(boardRow),
  /** What its rows are marked by, and how many of the last are not named. */
  fair: fairFacts,
});
export type WallBoard = z.infer<typeof wallBoard>;

/** A period's boards with what their rows are marked by. */
export const wallPeriodView = boardView.extend({ fair: fairFacts });
export type WallPeriodView = z.infer<typeof wallPeriodView>;

/** How far the board can be believed. */
export const wallState = z.object({
  /** Business time of main, so that ages on the wall are counted from the same clock. */
  now: instant,
  workspace: z.enum(['sandbox', 'team', 'local']),
  /** End of the last complete pass over deals, the age of the data; null: none yet. */
  read_at: instant.nullable(),
  /** Pause between two passes; three of them missed make the data late. */
  delta_seconds: z.number().int(),
  upstream: z.enum(['unknown', 'ok', 'refused', 'failing', 'blocked', 'not-configured']),
  database_away_since: instant.nullable(),
  /** True while this console reads deals on although the database is away. */
  reading_on: z.boolean(),
  /** False while no console of the office runs the schedule. */
  led: z.boolean(),
});
export type WallState = z.infer<typeof wallState>;

/** What the wall takes from the settings of its console. */
export const wallSettings = z.object({
  language: z.enum(['system', 'sv', 'en']),
  /** 0 to 100. */
  volume: z.number().int().min(0).max(100),
  muted: z.boolean(),
  /** True: positions do not slide and nothing flies, whatever the system says. */
  calm: z.boolean(),
  /** What this wall's display shows, in its order. */
  slides: z.array(wallSlide).min(1),
  target: wallTarget.nullable(),
  /** Agents, by id, that have a sound or a picture of their own: addresses of our own protocol. */
  media: z.record(z.string(), z.object({ sound: z.string().nullable(), picture: z.string().nullable() })),
});
export type WallSettings = z.infer<typeof wallSettings>;

/** How many duplicates wait for a person, and when that was counted. */
export const wallWaiting = z.object({ duplicates: z.number().int().nonnegative(), counted_at: instant });
export type WallWaiting = z.infer<typeof wallWaiting>;

/** What the page says of itself every few seconds, as a sign of life. */
export const wallBeat = z.object({
  /** True once something is painted: what was there before it may go. */
  ready: z.boolean(),
  celebrating: z.boolean(),
  /** The slide that is shown; null: none yet. */
  slide: z.string().max(40).nullable(),
});
export type WallBeat = z.infer<typeof wallBeat>;

/** Why a celebration is more than a pling: the day's first deal, a big one, the day's target reached. */
export const honours = ['target', 'big', 'first'] as const;
export type Honour = (typeof honours)[number];

/** A deal as it is celebrated. */
export const celebratedDeal = z.object({
  /** Stays with an agent, who has a sound of their own. */
  user_id: z.string(),
  agent: z.string(),
  commission: money.nullable(),
  campaign: z.string().nullable(),
  multi_deals: z.number().int(),
});
export type CelebratedDeal = z.infer<typeof celebratedDeal>;

/** A celebration shows at most this many deals by name. */
export const mostNamed = 5;

/**
 * Told once for each new deal: it was written down before it was told. pling: one deal · burst: several at once, each
 * named · summary: more, or what came while nobody was told; only counted.
 */
export const celebration = z.object({
  /** Rises with each celebration of this start of the program. */
  number: z.number().int(),
  kind: z.enum(['pling', 'burst', 'summary']),
  deals: z.array(celebratedDeal).max(mostNamed),
  /** Sum of multi-deals, as boards count. */
  count: z.number().int(),
  commission: money,
  /** Of a summary: since when it counts; null: unknown. */
  since: instant.nullable(),
  /** True: shown without a sound (muted, or quiet hours). */
  silent: z.boolean(),
  /** 0 to 100, at this time of the day. */
  volume: z.number().int().min(0).max(100),
  /** The weightiest first. */
  honours: z.array(z.enum(honours)),
  /** True: nothing was sold, somebody tries the wall. */
  rehearsal: z.boolean(),
});
export type Celebration = z.infer<typeof celebration>;

/** What the wall is told. `board`, `state` and `settings`: fetch that again. */
export const wallEvent = z.discriminatedUnion('type', [
  /** Sent first, and whenever anything may have been missed: fetch everything. */
  z.object({ type: z.literal('all') }),
  z.object({ type: z.literal('board') }),
  z.object({ type: z.literal('state') }),
  z.object({ type: z.literal('settings') }),
  z.object({ type: z.literal('celebrate'), celebration }),
  /** Somebody tries the sound. */
  z.object({ type: z.literal('test-sound') }),
]);
export type WallEvent = z.infer<typeof wallEvent>;

/** Everything a wall window may ask of main. It reads, changes nothing, and shows that it lives. */
export const wallContract = {
  wall: {
    board: oc.output(wallBoard),
    state: oc.output(wallState),
    settings: oc.output(wallSettings),
    /** A period's boards and trend; the last known ones, with when they were counted, while the database is away. */
    period: oc.input(z.object({ period: z.enum(wallPeriods) })).output(wallPeriodView),
    waiting: oc.output(wallWaiting),
    beat: oc.input(wallBeat).output(z.object({})),
    changes: oc.output(eventIterator(wallEvent)),
  },
};
export type WallContract = typeof wallContract;
