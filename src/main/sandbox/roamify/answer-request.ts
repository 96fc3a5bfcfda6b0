import type { Answer } from '../adversus/send-answer.ts';
import type { RoamifyCatalogue } from './catalogue.ts';
import type { RoamifyOrders } from './orders.ts';

/** What the supplier does where that can be told from outside, to be changed while it runs. */
export interface RoamifySwitches {
  /** Every order fails, with the same answer as an unknown package. */
  outage: boolean;
  /** Orders fail as in an outage, although they were taken. */
  failsAfterTaking: boolean;
  /** Time before the failing answer to an order, in ms; about a second was seen. */
  failureMs: number;
  /** Time every answer takes, in ms. */
  slowMs: number;
  /** A look-up by a reference that nobody used: 404 or an empty answer. Assumed, both have to work. */
  unknownReference: 'not-found' | 'empty' | 'failed';
}

export const defaultSwitches: Readonly<RoamifySwitches> = {
  outage: false,
  failsAfterTaking: false,
  failureMs: 1_000,
  slowMs: 0,
  unknownReference: 'not-found',
};

export interface VendorRequest {
  method: string;
  path: string;
  query: Readonly<Record<string, string>>;
  body: string;
}

export type Answered = Answer & { afterMs?: number };

interface Vendor {
  catalogue: RoamifyCatalogue;
  orders: RoamifyOrders;
  switches: RoamifySwitches;
}

const packageFilters = new Set(['country', 'geography', 'days', 'gbs', 'isUnlimited', 'packageId']);

/** The supplier's answer to one request that carried the right key. */
export function answerRequest(vendor: Vendor, request: VendorRequest): Answered {
  const { catalogue, orders } = vendor;
  const { query } = request;
  switch (`${request.method} ${request.path}`) {
    case 'GET /api/health':
      return success({ healthy: true });
    case 'GET /api/balance':
      return success({ balance: 1_000, currency: 'USD' });
    case 'GET /api/esim/countries':
      return success({
        countries: catalogue
          .groups()
          .map(({ countryCode, countryName }) => ({ code: countryCode, name: countryName })),
      });
    case 'GET /api/esim/packages': {
      const unknown = Object.keys(query).find((name) => !packageFilters.has(name));
      if (unknown !== undefined) return refuse(`"${unknown}" is not allowed`);
      return success({ packages: catalogue.groups(query) });
    }
    case 'POST /api/esim/order':
      return takeOrder(vendor, request.body);
    case 'GET /api/esim/order': {
      const found =
        query['orderId'] === undefined
          ? orders.byReference(query['referenceId'] ?? '')[0]
          : orders.byId(query['orderId']);
      return found ? success(found) : unknownReference(vendor.switches);
    }
    case 'GET /api/esim/orders': {
      const { status, referenceId, limit = '50' } = query;
      const listed = orders.all
        .filter((order) => status === undefined || order.status === status)
        .filter((order) => referenceId === undefined || order.referenceId === referenceId);
      return success({ orders: listed.slice(0, Number(limit)) });
    }
    case 'GET /api/esim': {
      const esim = orders.esim(query['esimId'] ?? '');
      return esim ? success(esim) : { status: 404, body: '{"message":"Not found","status":"failed"}' };
    }
    case 'POST /api/esim/apply': {
      const { esimId } = readJson(request.body) as { esimId?: string };
      const esim = orders.esim(esimId ?? '');
      if (!esim) return failure(vendor.switches);
      return esim.status === 'READY'
        ? success(esim)
        : { status: 500, body: '{"message":"eSIM is still pending processing","status":"failed"}' };
    }
    default:
      return { status: 404, body: '{"message":"Not found","status":"failed"}' };
  }
}

function takeOrder({ catalogue, orders, switches }: Vendor, text: string): Answered {
  const body = readJson(text);
  if (typeof body !== 'object' || body === null || !('items' in body)) return refuse('"items" is required');
  const extra = Object.keys(body).find((name) => name !== 'items' && name !== 'referenceId');
  if (extra !== undefined) return refuse(`"${extra}" is not allowed`);
  const { items, referenceId = null } = body as { items: unknown; referenceId?: string | null };
  if (!Array.isArray(items) || items.length === 0)
    return refuse('"items" does not contain 1 required value(s)');
  const wanted = (items as { packageId?: unknown; quantity?: unknown }[]).map((item) => ({
    packageId: String(item.packageId),
    quantity: Number(item.quantity ?? 1),
  }));
  const known = new Set(catalogue.ids);
  // An unknown package and an outage are told alike.
  if (switches.outage || wanted.some((item) => !known.has(item.packageId))) return failure(switches);
  const order = orders.take(
    wanted.map((item) => ({ ...item, price: catalogue.priceOf(item.packageId) })),
    referenceId,
  );
  return switches.failsAfterTaking ? failure(switches) : success(order);
}

function unknownReference(switches: RoamifySwitches): Answered {
  if (switches.unknownReference === 'failed') return failure({ failureMs: 0 });
  if (switches.unknownReference === 'empty') return success(null);
  return { status: 404, body: '{"message":"Order not found","status":"failed"}' };
}

function success(data: unknown): Answered {
  return { status: 200, body: JSON.stringify({ status: 'success', data }) };
}

function refuse(error: string): Answered {
  return { status: 400, body: JSON.stringify({ error }) };
}

function failure({ failureMs }: Pick<RoamifySwitches, 'failureMs'>): Answered {
  return { status: 500, body: '{"message":"Unknown error","status":"failed"}', afterMs: failureMs };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
