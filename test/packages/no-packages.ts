import { createFoldingThread } from '../../src/main/packages/folding-thread.ts';
import type { PackageDeps } from '../../src/main/packages/run-catalogue-pass.ts';

/** Packages of an office without a supplier. */
export function noPackages(
  deps: Pick<PackageDeps, 'database' | 'clock' | 'log' | 'processId' | 'holder' | 'readSettings'>,
): PackageDeps {
  const { database, clock, log, processId, holder, readSettings } = deps;
  return {
    ...{ database, clock, log, processId, holder, readSettings },
    missing: () => ['OPSDECK_ROAMIFY_TOKEN'],
    folding: createFoldingThread(),
    connect: () => {
      throw new Error('no supplier in this test');
    },
  };
}
