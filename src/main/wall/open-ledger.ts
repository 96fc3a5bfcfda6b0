import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { openDurableFile } from '../storage/durable-file.ts';
import { createPlingLedger } from './pling-ledger-store.ts';
import type { PlingLedger } from './pling-ledger.ts';

/** Opens the ledger in `durable.sqlite` of the data folder. A damaged file is set aside, and `onDamage` told in words. */
export function openPlingLedger(
  dataFolder: string,
  parts: { clock: Clock; log: Log; onDamage(sentence: string): void },
): PlingLedger {
  const path = join(dataFolder, 'durable.sqlite');
  const { sqlite, setAside } = openDurableFile(path, parts.clock.wall());
  if (setAside !== null) {
    const sentence = `The local file of plings was damaged and begun anew; the old one is ${setAside}.`;
    parts.log.warn(sentence);
    parts.onDamage(sentence);
  }
  return createPlingLedger(sqlite);
}
