import { implement, ORPCError } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';

/** Packages of an office that sells none yet: enough for screens that are about something else. */
export function createFakePackages() {
  const os = implement(consoleContract).packages;
  const none = () => {
    throw new ORPCError('NOT_FOUND', { message: 'The preview has no packages yet.' });
  };
  return {
    state: os.state.handler(() => ({
      ...{
        configured: true,
        missing: [],
        sandbox: true,
        active: 0,
        retired: 0,
        last_run: null,
        last_complete_at: null,
      },
      ...{ running: null, next_pass_at: null, next_validation_at: null, held: null },
    })),
    health: os.health.handler(() => emptyHealth),
    sync: os.sync.handler(() => ({ started: true })),
    cancel: os.cancel.handler(() => ({ cancelled: true })),
    progress: os.progress.handler(async function* () {}),
    runs: os.runs.handler(() => []),
    held: os.held.handler(none),
    decideHeld: os.decideHeld.handler(none),
    diff: os.diff.handler(() => ({
      run: null,
      counts: { new: 0, retired: 0, returned: 0, repriced: 0, changed: 0 },
      ...{ changes: [], count: 0 },
    })),
    catalogue: os.catalogue.handler(() => ({ packages: [], count: 0 })),
    places: os.places.handler(() => []),
    history: os.history.handler(none),
    mine: os.mine.handler(() => ({ packages: [], count: 0 })),
    add: os.add.handler(none),
    edit: os.edit.handler(none),
    show: os.show.handler(() => ({ changed: [], refused: [] })),
    remove: os.remove.handler(() => ({ removed: true })),
    importCsv: os.importCsv.handler(none),
    exportCsv: os.exportCsv.handler(() => ({ path: null, rows: 0 })),
    validate: os.validate.handler(() => emptyHealth),
    check: os.check.handler(none),
    clearCache: os.clearCache.handler(() => ({ cleared: 0 })),
    invalid: os.invalid.handler(() => ({ invalid: [], count: 0 })),
    alternatives: os.alternatives.handler(() => []),
    autoFix: os.autoFix.handler(({ input }) => ({ dry_run: input.dry_run, fixed: [], proposed: 0, left: 0 })),
    proposals: os.proposals.handler(() => ({ proposals: [], count: 0 })),
    decideProposals: os.decideProposals.handler(() => ({ decided: [], refused: [] })),
    replace: os.replace.handler(none),
    changes: os.changes.handler(() => ({ changes: [], count: 0 })),
    undo: os.undo.handler(none),
    deduplicate: os.deduplicate.handler(({ input }) => ({
      ...{
        id: null,
        dry_run: input.dry_run,
        removed: 0,
        reseller_id_duplicates: 0,
        combination_duplicates: 0,
        sets: [],
      },
    })),
    undoDeduplicate: os.undoDeduplicate.handler(none),
    lastDeduplication: os.lastDeduplication.handler(() => null),
    order: os.order.handler(none),
    lookUpOrder: os.lookUpOrder.handler(none),
    orders: os.orders.handler(() => ({ orders: [], count: 0 })),
  };
}

const emptyHealth = {
  ...{ total: 0, valid: 0, invalid: 0, unchecked: 0, score: null, last_validation: null, target: 95 },
  ...{ trend: [], reasons: [], proposals: 0 },
};
