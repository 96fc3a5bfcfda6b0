import { expect, test } from 'vitest';
import { faultCases } from './cases/fault-cases.ts';
import { runCase } from './support/fault-case.ts';
import { openSmallDisk } from './support/small-disk.ts';

function canMount(): boolean {
  const disk = openSmallDisk(1);
  disk?.close();
  return disk !== null;
}

/** Rounds that fit into a minute when all cases run side by side; `npm run faults` runs many more. */
const rounds: Record<string, number> = {
  ...{ 'PG-1': 1, 'PG-3': 6, 'PG-4': 3, 'PG-5': 1, 'PG-6': 1, 'PG-7': 50, 'PG-8': 1 },
  ...{ 'SQ-2': 2, 'SQ-3': 20, 'SQ-4': canMount() ? 1 : 0, 'SY-4': 3 },
};
const seed = process.env['OPSDECK_FAULT_SEED'] ?? String(Date.now());

const short = faultCases.flatMap(({ fault }) => {
  const count = rounds[fault.name];
  return count ? [{ name: fault.name, fault, count }] : [];
});
if (!rounds['SQ-4'])
  console.warn('SKIPPED: SQ-4 (full disk) needs the right to mount a small file system; run as root.');

test.concurrent.each(short)(
  '$name holds, and its naive version does not',
  { timeout: 180_000 },
  async ({ fault, count }) => {
    const report = await runCase(fault, { rounds: count, seed, patience: 3 });
    console.log(JSON.stringify(report));
    expect(report.violations).toEqual([]);
    const naive = await runCase(
      { name: `${fault.name}, naive`, run: fault.mutant.run },
      { rounds: count, seed },
    );
    expect(naive.violations).not.toEqual([]);
  },
);
