import type { Operations } from '../operations.ts';
import type { ChangeDeps } from './change-mapping.ts';
import type { OrderDeps } from './order-package.ts';
import type { PackageDeps } from './run-catalogue-pass.ts';

/** What the packages of a workspace are answered from: a console, a command and a script alike. */
export interface PackageAccess {
  deps: PackageDeps;
  actor: string;
}

/** A page of a list. */
export type Page = { limit: number; offset: number };

/** Access for a window of a running console. */
export function accessOf(operations: Operations, actor: string): PackageAccess {
  return { deps: operations.workspace.packages, actor };
}

/** What changes are made with. */
export function changeDeps({ deps, actor }: PackageAccess): ChangeDeps {
  return { database: deps.database, clock: deps.clock, actor, console: deps.holder };
}

/** What orders are placed with. CONFIG_INVALID without a configured supplier. */
export async function orderDeps({ deps, actor }: PackageAccess, signal?: AbortSignal): Promise<OrderDeps> {
  const client = deps.connect(await deps.readSettings());
  return { database: deps.database, clock: deps.clock, client, actor, ...(signal ? { signal } : {}) };
}
