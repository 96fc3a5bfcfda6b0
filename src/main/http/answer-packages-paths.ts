import { OpsdeckError } from '../errors.ts';
import type { Operations } from '../operations.ts';
import * as myPackages from '../packages/answer-my-packages.ts';
import * as packageOrders from '../packages/answer-orders.ts';
import { accessOf } from '../packages/package-access.ts';
import { decideHeldPackages } from '../packages/decide-held-packages.ts';
import { openHold, sourceOfHold } from '../packages/held-store.ts';
import { resultShape } from '../packages/http-shapes.ts';

/** A pass that a script asked for, by the jobs of this process: a window sees it and may cancel it. */
export async function syncPackages(operations: Operations) {
  return resultShape(await operations.packages.run());
}

/** Whether one package may be sold: by its number on sale or its id in the catalogue. */
export async function checkPackage(operations: Operations, asked: number | string, actor: string) {
  const access = accessOf(operations, actor);
  const found = await myPackages.check(
    access,
    typeof asked === 'number' ? { id: asked } : { reseller_id: asked },
  );
  return { success: true as const, ...found };
}

/** Buys a package, or only looks up how its order stands. */
export async function orderForScript(
  operations: Operations,
  asked: { package?: number | string | undefined; referenceId: string; lookUp?: boolean | undefined },
  actor: string,
) {
  const access = accessOf(operations, actor);
  const { referenceId, lookUp } = asked;
  if ((lookUp === true) === (asked.package !== undefined))
    throw new OpsdeckError('BAD_REQUEST', 'Name a package to buy it, or look an order up without one.');
  const order =
    asked.package === undefined
      ? await packageOrders.lookUp(access, referenceId)
      : await packageOrders.order(access, { package: asked.package, reference_id: referenceId });
  return { success: order.state === 'completed', order };
}

/** What of the catalogue is held, in the list of all that is held. */
export async function heldPackages(operations: Operations) {
  const hold = await openHold(operations.workspace.database);
  if (!hold) return [];
  const { id, state, reason, resellerIds, ofPackages, heldAt, updatedAt } = hold;
  return [
    {
      ...{ id, source: 'packages' as const, state, reason },
      ...{ count: resellerIds.length, of_packages: ofPackages },
      ...{ held_at: heldAt.toISOString(), updated_at: updatedAt.toISOString(), removed: 0 },
    },
  ];
}

/** A decision about held packages; null where the number is not one of theirs. */
export async function decidePackages(
  operations: Operations,
  asked: { id: number; action: 'accept' | 'discard'; note?: string | undefined },
  actor: string,
) {
  const { database, packages: deps, holder } = operations.workspace;
  if ((await sourceOfHold(database, asked.id)) !== 'packages') return null;
  const { retired, ...done } = await decideHeldPackages(deps, { actor, console: holder }, asked, {
    ...{ trigger: 'person', waitMs: 120_000 },
    signal: new AbortController().signal,
  });
  return { ...done, removed: retired, waiting: 0 };
}
