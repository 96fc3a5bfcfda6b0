import { oc } from '@orpc/contract';
import { z } from 'zod';
import { tokenScope } from './http/route.ts';
import { instant } from './deals.ts';

/** How the HTTP API of this console stands. */
export const httpApiState = z.object({
  state: z.enum(['off', 'on', 'failed']),
  /** The environment's port wins over the setting. */
  by: z.enum(['environment', 'settings']),
  /** Where scripts find it; null: nowhere. */
  address: z.string().nullable(),
  /** Why it could not be switched on, in words. */
  message: z.string().nullable(),
  /** The environment gave a token, which is not among the stored ones. */
  environment_token: z.boolean(),
});
export type HttpApiState = z.infer<typeof httpApiState>;

/** A token of the office without itself. */
export const apiToken = z.object({
  id: z.number().int(),
  /** Its owner: the name under which it decides. */
  name: z.string(),
  scopes: z.array(tokenScope),
  created_at: instant,
  created_by: z.string(),
  last_used_at: instant.nullable(),
});
export type ApiToken = z.infer<typeof apiToken>;

export const tokenName = z.string().trim().min(1).max(100);

export const httpApiContract = {
  state: oc.output(httpApiState),
  /** Tokens that are good, at every console of the database. */
  tokens: oc.output(z.array(apiToken)),
  /** `token` is told here and never again. CONFLICT when a good one has that name. */
  createToken: oc
    .input(z.object({ name: tokenName, scopes: z.array(tokenScope).min(1).max(2) }))
    .output(z.object({ token: z.string(), about: apiToken })),
  /** Puts a token where Ctrl-V finds it. A page may not do that itself. */
  copyToken: oc
    .input(z.object({ token: z.string().regex(/^odk_[\w-]{43}$/) }))
    .output(z.object({ copied: z.literal(true) })),
  /** NOT_FOUND for one that is not good (any more). */
  revokeToken: oc
    .input(z.object({ id: z.number().int().positive() }))
    .output(z.object({ revoked: z.literal(true) })),
};
