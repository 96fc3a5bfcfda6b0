import type { PackageOrder } from '../../shared/contract/package-orders.ts';
import { lookUpOrder, orderPackage } from './order-package.ts';
import * as orders from './orders-store.ts';
import { orderDeps, type PackageAccess } from './package-access.ts';
import { orderView } from './package-views.ts';

export async function order(
  access: PackageAccess,
  asked: { package: number | string; reference_id: string },
  signal?: AbortSignal,
): Promise<PackageOrder> {
  const row = await orderPackage(await orderDeps(access, signal), {
    package: asked.package,
    referenceId: asked.reference_id,
  });
  return orderView(row, await orders.readAttempts(access.deps.database, row.id));
}

export async function lookUp(access: PackageAccess, referenceId: string): Promise<PackageOrder> {
  const row = await lookUpOrder(await orderDeps(access), referenceId);
  return orderView(row, await orders.readAttempts(access.deps.database, row.id));
}

export async function listOrders({ deps }: PackageAccess, asked: Parameters<typeof orders.listOrders>[1]) {
  const { rows, count } = await orders.listOrders(deps.database, asked);
  const attempts = await orders.readAttemptsOf(
    deps.database,
    rows.map((row) => row.id),
  );
  return { orders: rows.map((row) => orderView(row, attempts.get(row.id) ?? [])), count };
}
