import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant, money } from './deals.ts';
import { alternative } from './my-packages.ts';
import { count, page } from './package-lists.ts';

/**
 * How an order stands. open: being placed; completed; failed: nothing was bought; needs-person: the package cannot be
 * had and what could stand in is for a person to choose; unknown: nobody knows yet, it is looked up again by itself.
 */
export const orderState = z.enum(['open', 'completed', 'failed', 'needs-person', 'unknown']);
export type OrderState = z.infer<typeof orderState>;

export const orderAttempt = z.object({
  number: z.number().int(),
  kind: z.enum(['order', 'look-up', 'check']),
  reseller_id: z.string(),
  started_at: instant,
  ended_at: instant.nullable(),
  /** sent: no answer known (yet); done: bought or found; absent: the supplier knows no such order or package. */
  outcome: z.enum(['sent', 'done', 'absent', 'present', 'refused', 'failed', 'lost']),
  status: z.number().int().nullable(),
  detail: z.string().nullable(),
});
export type OrderAttempt = z.infer<typeof orderAttempt>;

export const packageOrder = z.object({
  id: z.number().int(),
  reference_id: z.string(),
  /** What was asked for, and what was bought: they differ after a fallback. */
  reseller_id: z.string(),
  bought_reseller_id: z.string().nullable(),
  state: orderState,
  /** The supplier's number of the order. */
  vendor_order_id: z.string().nullable(),
  total: money.nullable(),
  currency: z.string().nullable(),
  esims: z.array(z.object({ esim_id: z.string(), package_id: z.string(), iccid: z.string().nullable() })),
  /** What was done instead of what was asked, in words; null when nothing. */
  fallback: z.string().nullable(),
  /** How it ended, and what to do, in words. */
  message: z.string(),
  alternatives: z.array(alternative),
  actor: z.string(),
  created_at: instant,
  updated_at: instant,
  attempts: z.array(orderAttempt),
});
export type PackageOrder = z.infer<typeof packageOrder>;

/** Buying a package, once. */
export const orderProcedures = {
  order: oc
    .input(
      z.object({
        /** The mapping that is sold, or a package of the catalogue. */
        package: z.union([z.number().int().positive(), z.string().min(1).max(300)]),
        /** The office's own name of this sale: it is bought once, however often it is asked for. */
        reference_id: z.string().trim().min(1).max(100),
      }),
    )
    .output(packageOrder),
  /** Asks the supplier how an order of unknown outcome stands. */
  lookUpOrder: oc.input(z.object({ reference_id: z.string().min(1).max(100) })).output(packageOrder),
  orders: oc
    .input(z.object({ state: orderState.optional(), search: z.string().trim().max(200).optional(), ...page }))
    .output(z.object({ orders: z.array(packageOrder), count })),
};
