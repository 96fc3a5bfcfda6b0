import type { Alternative } from '../../shared/contract/my-packages.ts';
import type { OrderState } from '../../shared/contract/package-orders.ts';
import type { Database, Queryable, SqlValue } from '../storage/postgres.ts';
import { appendChange } from '../system/change-log.ts';
import type { Attempt } from './next-step.ts';

export interface OrderRow {
  id: number;
  referenceId: string;
  resellerId: string;
  myPackageId: number | null;
  boughtResellerId: string | null;
  state: OrderState;
  vendorOrderId: string | null;
  total: number | null;
  currency: string | null;
  esims: { esim_id: string; package_id: string; iccid: string | null }[];
  fallback: string | null;
  message: string;
  alternatives: Alternative[];
  actor: string;
  createdAt: Date;
  updatedAt: Date;
}

export type AttemptRow = Attempt & { detail: string | null };

const columns = `id, reference_id as "referenceId", reseller_id as "resellerId", my_package_id as "myPackageId",
  bought_reseller_id as "boughtResellerId", state, vendor_order_id as "vendorOrderId", total::float8 as total, currency,
  esims, fallback, message, alternatives, actor, created_at as "createdAt", updated_at as "updatedAt"`;

/** How long a process that works on an order keeps it for itself; renewed with every attempt. Server's clock. */
const claimFor = `interval '3 minutes'`;

/** Writes an order down, once for its reference; answers what stands there, and whether it is new. */
export async function openOrder(
  database: Database,
  order: { referenceId: string; resellerId: string; myPackageId: number | null; actor: string; now: Date },
): Promise<{ row: OrderRow; opened: boolean }> {
  return database.transaction(async (tx) => {
    const inserted = await tx.query<OrderRow>(
      `insert into package_orders (reference_id, reseller_id, my_package_id, actor, created_at, updated_at, look_up_at)
       values ($1, $2, $3, $4, $5, $5, clock_timestamp() + ${claimFor})
       on conflict (reference_id) do nothing returning ${columns}`,
      [order.referenceId, order.resellerId, order.myPackageId, order.actor, order.now],
    );
    const row = inserted.rows[0];
    if (!row) return { row: (await readOrder(tx, order.referenceId))!, opened: false };
    await appendChange(tx, 'packages', { what: 'orders', ids: [row.id] });
    return { row, opened: true };
  });
}

export async function readOrder(db: Queryable, referenceId: string): Promise<OrderRow | null> {
  const rows = await db.query<OrderRow>(`select ${columns} from package_orders where reference_id = $1`, [
    referenceId,
  ]);
  return rows.rows[0] ?? null;
}

/** Takes an order for one process; false while another has it. */
export async function claimOrder(db: Queryable, id: number, claim: string): Promise<boolean> {
  const rows = await db.query(
    `update package_orders set claim = $2, claimed_until = clock_timestamp() + ${claimFor}
      where id = $1 and (claim is null or claim = $2 or claimed_until < clock_timestamp())`,
    [id, claim],
  );
  return rows.rowCount === 1;
}

/** Gives an order back. */
export async function releaseOrder(db: Queryable, id: number, claim: string): Promise<void> {
  await db.query(
    'update package_orders set claim = null, claimed_until = null where id = $1 and claim = $2',
    [id, claim],
  );
}

/** Another package is to be bought under a reference for which nothing was: a person chose it. */
export async function chooseOther(db: Queryable, id: number, resellerId: string): Promise<boolean> {
  const rows = await db.query(
    `update package_orders set reseller_id = $2, alternatives = '[]' where id = $1 and state = 'needs-person'`,
    [id, resellerId],
  );
  return rows.rowCount === 1;
}

export async function readAttempts(db: Queryable, orderId: number): Promise<AttemptRow[]> {
  return (await readAttemptsOf(db, [orderId])).get(orderId) ?? [];
}

export async function readAttemptsOf(
  db: Queryable,
  orderIds: readonly number[],
): Promise<Map<number, AttemptRow[]>> {
  const rows = await db.query<AttemptRow & { orderId: number }>(
    `select order_id as "orderId", number, kind, reseller_id as "resellerId", outcome, status, detail,
            started_at as "startedAt", ended_at as "endedAt"
       from package_order_attempts where order_id = any ($1::bigint[]) order by order_id, number`,
    [[...orderIds]],
  );
  const byOrder = new Map<number, AttemptRow[]>();
  for (const { orderId, ...row } of rows.rows) byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), row]);
  return byOrder;
}

/** Writes an attempt down before it is sent, while the claim holds; null when it was lost. Stamped by the server's clock. */
export async function beginAttempt(
  database: Database,
  order: { id: number; claim: string },
  attempt: { kind: Attempt['kind']; resellerId: string },
): Promise<number | null> {
  return database.transaction(async (tx) => {
    const held = await tx.query(
      `update package_orders set claimed_until = clock_timestamp() + ${claimFor}, state = 'open'
        where id = $1 and claim = $2 and claimed_until > clock_timestamp()`,
      [order.id, order.claim],
    );
    if (held.rowCount !== 1) return null;
    const rows = await tx.query<{ number: number }>(
      `insert into package_order_attempts (order_id, number, kind, reseller_id, started_at)
       select $1, coalesce(max(number), 0) + 1, $2, $3, clock_timestamp() from package_order_attempts where order_id = $1
       returning number`,
      [order.id, attempt.kind, attempt.resellerId],
    );
    return rows.rows[0]!.number;
  });
}

/** Writes down what came of an attempt. */
export async function endAttempt(
  db: Queryable,
  orderId: number,
  number: number,
  end: { outcome: Attempt['outcome']; status: number | null; detail: string | null },
): Promise<void> {
  await db.query(
    `update package_order_attempts set ended_at = clock_timestamp(), outcome = $3, status = $4, detail = $5
      where order_id = $1 and number = $2`,
    [orderId, number, end.outcome, end.status, end.detail],
  );
}

export interface OrderEnd {
  state: OrderState;
  message: string;
  boughtResellerId?: string | null;
  vendorOrderId?: string | null;
  total?: number | null;
  currency?: string | null;
  esims?: OrderRow['esims'];
  fallback?: string | null;
  alternatives?: Alternative[];
  /** Seconds until an unknown outcome is looked up again. */
  lookUpInSeconds?: number | null;
}

/** How an order stands from now on, told to every console. Only the holder of the claim may say so. */
export async function settleOrder(
  database: Database,
  order: { id: number; claim: string },
  end: OrderEnd,
  now: Date,
): Promise<boolean> {
  return database.transaction(async (tx) => {
    const values: SqlValue[] = [
      ...[order.id, order.claim, end.state, end.message, now],
      ...[end.boughtResellerId ?? null, end.vendorOrderId ?? null, end.total ?? null, end.currency ?? null],
      ...[JSON.stringify(end.esims ?? []), end.fallback ?? null, JSON.stringify(end.alternatives ?? [])],
      end.lookUpInSeconds ?? null,
    ];
    const rows = await tx.query(
      `update package_orders
          set state = $3, message = $4, updated_at = $5, bought_reseller_id = $6, vendor_order_id = $7, total = $8,
              currency = $9, esims = $10, fallback = coalesce($11, fallback), alternatives = $12,
              look_up_at = clock_timestamp() + $13::float8 * interval '1 second',
              look_ups = case when $13::float8 is null then 0 else look_ups + 1 end
        where id = $1 and claim = $2`,
      values,
    );
    if (rows.rowCount === 1) await appendChange(tx, 'packages', { what: 'orders', ids: [order.id] });
    return rows.rowCount === 1;
  });
}

/** How often an order of unknown outcome was looked up without a result. */
export async function countLookUps(db: Queryable, id: number): Promise<number> {
  const rows = await db.query<{ count: number }>(
    'select look_ups as count from package_orders where id = $1',
    [id],
  );
  return rows.rows[0]?.count ?? 0;
}

/** References of orders that nobody works on and that are to be looked up by now. */
export async function dueLookUps(db: Queryable, limit: number): Promise<string[]> {
  const rows = await db.query<{ reference: string }>(
    `select reference_id as reference from package_orders
      where state in ('open', 'unknown') and look_up_at <= clock_timestamp()
        and (claim is null or claimed_until < clock_timestamp())
      order by look_up_at limit $1`,
    [limit],
  );
  return rows.rows.map((row) => row.reference);
}

/** A page of orders, newest first. */
export async function listOrders(
  db: Queryable,
  filter: { state?: OrderState | undefined; search?: string | undefined; limit: number; offset: number },
): Promise<{ rows: OrderRow[]; count: number }> {
  const where = `where ($1::text is null or state = $1)
    and ($2 = '' or position(lower($2) in lower(reference_id || ' ' || reseller_id || ' ' || coalesce(vendor_order_id, ''))) > 0)`;
  const values: SqlValue[] = [filter.state ?? null, filter.search ?? ''];
  const rows = await db.query<OrderRow>(
    `select ${columns} from package_orders ${where} order by id desc limit $3 offset $4`,
    [...values, filter.limit, filter.offset],
  );
  const count = await db.query<{ count: number }>(
    `select count(*)::int as count from package_orders ${where}`,
    values,
  );
  return { rows: rows.rows, count: count.rows[0]!.count };
}
