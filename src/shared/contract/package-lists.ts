import { z } from 'zod';

/** A whole number from 0. */
export const count = z.number().int().nonnegative();
/** Which part of a list is asked for. */
export const page = {
  limit: z.number().int().min(1).max(500).default(100),
  offset: z.number().int().min(0).default(0),
};
/** What a person says about a decision. */
export const note = z.string().max(2000).optional();
