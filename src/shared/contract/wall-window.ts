import { oc } from '@orpc/contract';
import { z } from 'zod';

/** A display by what stays when it is unplugged: its name and where it stands. Some systems give no name. */
export const displayName = z.object({
  label: z.string().max(200),
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type DisplayName = z.infer<typeof displayName>;

/**
 * How the wall's page is. starting: opened and not heard of yet · alive: heard of lately · silent: not heard of for
 * long, and about to be loaded anew · closed: there is no wall.
 */
export const wallPulse = z.object({
  state: z.enum(['closed', 'starting', 'alive', 'silent']),
  /** ms since the page was last heard of; null: never. */
  silent_ms: z.number().nonnegative().nullable(),
  /** What its process holds, in MB; null: unknown. */
  memory_mb: z.number().nullable(),
  /** How often since the start of the program it crashed or froze and was loaded anew. */
  recovered: z.number().int().nonnegative(),
  /** How often it was renewed because of its memory. */
  renewed: z.number().int().nonnegative(),
});
export type WallPulse = z.infer<typeof wallPulse>;

/** Where the wall is, and where it could be. */
export const wallWindowState = z.object({
  open: z.boolean(),
  /** The displays there are now. */
  displays: z.array(displayName.extend({ primary: z.boolean() })),
  /** Place in `displays` on which the wall is, or would be. */
  shown_on: z.number().int().nonnegative(),
  /** True: the chosen display is not there, and another stands in until it is. */
  stand_in: z.boolean(),
  pulse: wallPulse,
});
export type WallWindowState = z.infer<typeof wallWindowState>;

/** Why a file of the folder of sounds and pictures is not used. */
export const mediaRefusals = ['name', 'kind', 'size', 'many', 'unreadable'] as const;
export const wallMediaView = z.object({
  folder: z.string(),
  /** Files that are used, by agent's id. */
  used: z.array(z.object({ name: z.string(), user_id: z.string(), kind: z.enum(['sound', 'picture']) })),
  refused: z.array(z.object({ name: z.string(), reason: z.enum(mediaRefusals) })),
});
export type WallMediaView = z.infer<typeof wallMediaView>;

/** How a console opens and closes its wall. */
export const wallWindowContract = {
  state: oc.output(wallWindowState),
  open: oc.output(wallWindowState),
  close: oc.output(wallWindowState),
  /** Plays the sound on the wall; `played` false: there is no wall open to play it. */
  testSound: oc.output(z.object({ played: z.boolean() })),
  /** Celebrates a deal that nobody sold; `shown` false: there is no wall open to show it. */
  rehearse: oc.output(z.object({ shown: z.boolean() })),
  /** Reads the folder of sounds and pictures anew. */
  media: oc.output(wallMediaView),
  openMediaFolder: oc.output(z.object({ opened: z.boolean() })),
};
