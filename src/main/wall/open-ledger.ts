import type { SharedDurableFile } from '../storage/durable-file.ts';
import { createPlingLedger } from './pling-ledger-store.ts';
import type { PlingLedger } from './pling-ledger.ts';

/** Opens the ledger in the durable file; closing it closes the file for all, and whoever needs it opens it again. */
export function openPlingLedger(durable: SharedDurableFile): PlingLedger {
  return { ...createPlingLedger(durable.open()), close: () => durable.close() };
}
