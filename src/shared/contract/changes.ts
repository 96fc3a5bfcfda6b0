import { z } from 'zod';

/** One entry of the change log (provisional). */
export const change = z.object({
  seq: z.number().int(),
  kind: z.string(),
  at: z.string(),
  data: z.record(z.string(), z.unknown()),
});
