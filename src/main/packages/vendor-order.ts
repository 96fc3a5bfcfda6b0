import { z } from 'zod';
import type { RawAnswer } from '../upstream/send-request.ts';
import { parseJson, vendorWords } from '../upstream/read-json.ts';

/** An order at the supplier, as far as we need it. */
export interface VendorOrder {
  id: string;
  referenceId: string | null;
  status: string | null;
  total: number | null;
  currency: string | null;
  esims: { esim_id: string; package_id: string; iccid: string | null }[];
}

const id = z.union([z.string().min(1), z.number().transform(String)]);
const text = z.string().nullish();

const wireOrder = z.object({
  id,
  referenceId: text,
  status: text,
  total: z.number().nullish(),
  currency: text,
  items: z
    .array(z.object({ esimId: id.nullish(), packageId: text, iccid: text }))
    .nullish()
    .catch(null),
});
const single = z.object({ status: z.literal('success').optional(), data: wireOrder });
const list = z.object({
  status: z.literal('success').optional(),
  data: z.object({ orders: z.array(z.unknown()) }),
});
const failed = z.object({ status: z.literal('failed'), message: z.string().optional() });

/** The order in an answer; null when there is none in it. */
export function readOrder(body: Uint8Array): VendorOrder | null {
  const read = single.safeParse(tryParse(body));
  return read.success ? toOrder(read.data.data) : null;
}

/** The orders of a list; null when it is no list. Entries that cannot be read are left out and counted. */
export function readOrders(body: Uint8Array): { orders: VendorOrder[]; unreadable: number } | null {
  const read = list.safeParse(tryParse(body));
  if (!read.success) return null;
  const entries = read.data.data.orders.map((entry) => wireOrder.safeParse(entry));
  const orders = entries.flatMap((entry) => (entry.success ? [toOrder(entry.data)] : []));
  return { orders, unreadable: entries.length - orders.length };
}

/** True for `{"status":"failed", …}`: the supplier itself says no, not something in between. */
export function saysFailed(answer: RawAnswer): boolean {
  return failed.safeParse(tryParse(answer.body)).success;
}

/** True for a success without an order in it. */
export function isEmptySuccess(answer: RawAnswer): boolean {
  const body = tryParse(answer.body);
  if (typeof body !== 'object' || body === null) return false;
  const { status, data } = body as { status?: unknown; data?: unknown };
  const empty = data === null || (Array.isArray(data) && data.length === 0);
  return (
    status === 'success' && (empty || (typeof data === 'object' && Object.keys(data ?? {}).length === 0))
  );
}

/** The supplier's own words in an error answer, in one of its three shapes; short and harmless. */
export function errorWords(body: Uint8Array): string | null {
  const parsed = tryParse(body);
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { message, error } = parsed as { message?: unknown; error?: unknown };
  const words = typeof error === 'string' ? error : typeof message === 'string' ? message : '';
  return vendorWords(words) || null;
}

function toOrder(order: z.infer<typeof wireOrder>): VendorOrder {
  return {
    id: order.id,
    referenceId: order.referenceId ?? null,
    status: order.status ?? null,
    total: order.total ?? null,
    currency: order.currency ?? null,
    esims: (order.items ?? []).flatMap((item) =>
      item.esimId
        ? [{ esim_id: item.esimId, package_id: item.packageId ?? '', iccid: item.iccid ?? null }]
        : [],
    ),
  };
}

function tryParse(body: Uint8Array): unknown {
  try {
    return parseJson(body);
  } catch {
    // Not JSON: whoever asks decides what that means.
    return undefined;
  }
}
