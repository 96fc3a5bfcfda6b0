import { oc } from '@orpc/contract';
import { z } from 'zod';

/** What a token may do: look, or also change something. */
export const tokenScope = z.enum(['read', 'decide']);
export type TokenScope = z.infer<typeof tokenScope>;

/** What the server has to know of a path before it reads more of a request. */
export interface RouteMeta {
  /** The scope a token needs; null: no token, and no limit. */
  scope: TokenScope | null;
  /** Paths that share one limit. */
  group: string;
}

/** Begins a path of the HTTP API. */
export function route(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: `/${string}`,
  about: RouteMeta & { summary: string; description?: string },
) {
  const { scope, group, summary, description } = about;
  return oc
    .$meta<Record<string, unknown>>({ scope, group })
    .route({ method, path, summary, tags: [group], ...(description ? { description } : {}) });
}

/** A whole number as it stands in a path or a query: digits alone. */
export function wholeNumber(least: number, most = 999_999_999_999_999) {
  return z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, 'has to be a whole number')
    .transform(Number)
    .refine((number) => number >= least && number <= most, `has to be from ${least} to ${most}`);
}

/** Number of a case or a hold in a path. */
export const idInPath = wholeNumber(1);

/** Every answer of an object begins with it. */
export const success = z.literal(true);

/**
 * Only where the database is away: what was last known, as of this instant. The same stands in the header
 * `Opsdeck-As-Of`; null: nobody knows since when.
 */
export const asOf = z.iso.datetime().nullable().optional();

/** Every refusal and failure. */
export const errorAnswer = z.object({ success: z.literal(false), code: z.string(), message: z.string() });
