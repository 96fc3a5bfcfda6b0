import { hashText } from '../seeded-random.ts';

/** An order as the supplier keeps it. Times are Unix seconds. */
export interface WireOrder {
  id: string;
  referenceId: string | null;
  orderType: 'api';
  status: 'PENDING' | 'COMPLETED' | 'ARCHIVED' | 'CANCELLED' | 'REFUNDED' | 'REQUIRE_ACTION';
  total: number;
  currency: 'USD';
  createdAt: number;
  updatedAt: number;
  items: {
    esimId: string;
    packageId: string;
    package: string;
    type: 'esim';
    price: number;
    currency: 'USD';
  }[];
}

/** What was bought. A repeated reference is a second order: nothing says that the supplier refuses it. */
export class RoamifyOrders {
  readonly #orders: WireOrder[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get all(): readonly WireOrder[] {
    return this.#orders;
  }

  /** How many orders carry this reference: one at most, or something was bought twice. */
  bought(referenceId: string): number {
    return this.#orders.filter((order) => order.referenceId === referenceId).length;
  }

  take(
    items: readonly { packageId: string; quantity: number; price: number }[],
    referenceId: string | null,
  ): WireOrder {
    const number = this.#orders.length + 1;
    const at = Math.floor(this.#now() / 1_000);
    const order: WireOrder = {
      id: `ord_${hashText(`order:${number}`).toString(16)}${number}`,
      referenceId,
      orderType: 'api',
      status: 'COMPLETED',
      total: items.reduce((sum, item) => sum + Math.round(item.price * item.quantity * 100), 0) / 100,
      currency: 'USD',
      createdAt: at,
      updatedAt: at,
      items: items.flatMap((item) =>
        Array.from({ length: item.quantity }, (_, index) => ({
          esimId: `esim_${number}_${index + 1}`,
          packageId: item.packageId,
          package: item.packageId,
          type: 'esim' as const,
          price: item.price,
          currency: 'USD' as const,
        })),
      ),
    };
    this.#orders.push(order);
    return order;
  }

  byId(id: string): WireOrder | undefined {
    return this.#orders.find((order) => order.id === id);
  }

  byReference(referenceId: string): WireOrder[] {
    return this.#orders.filter((order) => order.referenceId === referenceId);
  }

  /** An eSIM of an order: NEW for a few seconds, then READY. */
  esim(esimId: string) {
    const order = this.#orders.find((one) => one.items.some((item) => item.esimId === esimId));
    if (!order) return undefined;
    const ready = this.#now() / 1_000 - order.createdAt >= 2;
    return {
      id: esimId,
      iccid: ready ? `8944${String(hashText(esimId)).padStart(15, '0').slice(0, 15)}` : null,
      status: ready ? 'READY' : 'NEW',
      referenceId: order.referenceId,
      esim: { lpaCode: ready ? `LPA:1$rsp.example.com$${hashText(esimId).toString(16)}` : null },
      createdAt: order.createdAt,
      updatedAt: order.updatedAt,
      expiredAt: null,
    };
  }
}
