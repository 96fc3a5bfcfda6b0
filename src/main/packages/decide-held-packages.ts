import { OpsdeckError } from '../errors.ts';
import { appendAudit } from '../system/audit.ts';
import { appendChange } from '../system/change-log.ts';
import { refuseRetirement, retirePackages } from './catalogue-store.ts';
import type { ChangeDeps } from './change-mapping.ts';
import { endHold, holdById } from './held-store.ts';
import {
  progressTeller,
  underPermit,
  type CatalogueRequest,
  type PackageDeps,
} from './run-catalogue-pass.ts';
import { validateAll } from './validate-packages.ts';
import { clearFindings } from './validations-store.ts';

export interface HeldPackagesResult {
  id: number;
  state: 'discarded' | 'done';
  retired: number;
  /** Packages that stay: a person said so, or they were listed again meanwhile. */
  kept: number;
}

/**
 * A person's word on held retirements. Accepted: what is still on the list of the latest pass is retired. Discarded: they
 * stay on offer, and are not proposed again until they were listed again. NOT_FOUND, or CONFLICT when somebody decided already.
 */
export async function decideHeldPackages(
  deps: PackageDeps,
  by: Pick<ChangeDeps, 'actor' | 'console'>,
  asked: { id: number; action: 'accept' | 'discard'; note?: string | undefined },
  request: Omit<CatalogueRequest, 'term'>,
): Promise<HeldPackagesResult> {
  const tell = progressTeller(request);
  const result = await underPermit(deps, { ...request, kind: 'held' }, tell, (permit, runId) =>
    permit.transaction(async (tx) => {
      const now = deps.clock.now();
      const hold = await holdById(tx, asked.id);
      if (!hold) throw new OpsdeckError('NOT_FOUND', `There are no held packages with number ${asked.id}.`);
      if (hold.state !== 'held')
        throw new OpsdeckError(
          'CONFLICT',
          `The held packages ${hold.id} are ${hold.state} already; nothing was changed.`,
        );
      const ids = hold.resellerIds;
      const accepts = asked.action === 'accept';
      const retired = accepts ? await retirePackages(tx, ids, { runId, now }) : 0;
      if (!accepts) await refuseRetirement(tx, ids, now);
      const state = accepts ? ('done' as const) : ('discarded' as const);
      await endHold(tx, hold.id, { state, removed: retired, by: by.actor, note: asked.note ?? null, now });
      if (retired > 0) await clearFindings(tx);
      await appendAudit(tx, {
        ...{
          at: now,
          ...by,
          action: `held-packages.${asked.action}`,
          target: String(hold.id),
          note: asked.note,
        },
        before: { state: hold.state, resellerIds: ids, ofPackages: hold.ofPackages, reason: hold.reason },
        after: { state, retired },
      });
      await appendChange(tx, 'held', { id: hold.id, state });
      if (retired > 0) await appendChange(tx, 'packages', { what: 'catalogue' });
      const rows = {
        inserted: 0,
        updated: 0,
        returned: 0,
        removed: retired,
        unchanged: 0,
        held: 0,
        rejected: 0,
      };
      const pass = { complete: true, packages: 0, folded: 0, note: null };
      return { ...rows, ...pass, decided: { id: hold.id, state, retired, kept: ids.length - retired } };
    }),
  ).finally(() => tell({ stage: 'ended', cancellable: false }));
  if (result.removed > 0) await validateAll(deps, { trigger: 'pass' });
  return result.decided;
}
