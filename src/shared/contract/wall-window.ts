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

/** Where the wall is, and where it could be. */
export const wallWindowState = z.object({
  open: z.boolean(),
  /** The displays there are now. */
  displays: z.array(displayName.extend({ primary: z.boolean() })),
  /** Place in `displays` on which the wall is, or would be. */
  shown_on: z.number().int().nonnegative(),
  /** True: the chosen display is not there, and another stands in until it is. */
  stand_in: z.boolean(),
});
export type WallWindowState = z.infer<typeof wallWindowState>;

/** How a console opens and closes its wall. */
export const wallWindowContract = {
  state: oc.output(wallWindowState),
  open: oc.output(wallWindowState),
  close: oc.output(wallWindowState),
  /** Plays the sound on the wall; `played` false: there is no wall open to play it. */
  testSound: oc.output(z.object({ played: z.boolean() })),
};
