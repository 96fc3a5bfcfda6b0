import type { CsvImport } from '../../shared/contract/my-packages.ts';
import type { Transaction } from '../storage/postgres.ts';
import {
  addIn,
  audit,
  change,
  finish,
  inTransaction,
  type ChangeDeps,
  type MappingPatch,
} from './change-mapping.ts';
import { readPackages, type StoredPackage } from './known-store.ts';
import { readMyPackagesCsv, type CsvRow } from './my-packages-csv.ts';
import { allMappings, lockMappings, type MappingRow } from './my-packages-store.ts';

type Line = CsvImport['lines'][number];

/** One line's part in an import. */
export interface PlannedLine {
  line: Line;
  patch: MappingPatch;
  mapping: MappingRow | null;
}

/** Lines that are told of one file. */
const mostTold = 500;

/** Reads a file into what the office sells: whole, or, when any line is refused, not at all. A dry run only tells. */
export async function importMyPackages(
  deps: ChangeDeps,
  asked: { text: string; dryRun: boolean },
): Promise<CsvImport> {
  const rows = readMyPackagesCsv(asked.text);
  return inTransaction(deps, async (tx) => {
    const known = await readPackages(
      tx,
      rows.map((row) => row.resellerId),
    );
    const plan = planImport(rows, known, await allMappings(tx));
    const counts = countsOf(plan);
    const applied = !asked.dryRun && counts.refused === 0;
    if (applied) await applyPlan(tx, deps, plan);
    return { dry_run: asked.dryRun, ...counts, applied, lines: toldLines(plan) };
  });
}

/** What each line would do. Pure. */
export function planImport(
  rows: readonly CsvRow[],
  known: ReadonlyMap<string, StoredPackage>,
  mappings: readonly MappingRow[],
): PlannedLine[] {
  const byPackage = new Map(mappings.map((mapping) => [mapping.resellerId, mapping]));
  return rows.map((row) => {
    const mapping = byPackage.get(row.resellerId) ?? null;
    const found = known.get(row.resellerId);
    const problems = [...row.problems];
    if (!mapping && row.resellerId !== '' && (!found || found.retired))
      problems.push(
        found ? 'Roamify does not offer this package any more.' : 'The catalogue has no such package.',
      );
    const patch = patchOf(row, mapping);
    const changes = Object.keys(patch).length > 0;
    const action = problems.length > 0 ? 'refuse' : mapping ? (changes ? 'change' : 'skip') : 'add';
    return { line: { line: row.line, reseller_id: row.resellerId, action, problems }, patch, mapping };
  });
}

function patchOf(row: CsvRow, mapping: MappingRow | null): MappingPatch {
  const { name, price, visible } = row;
  const given = {
    ...(name === null || name === undefined ? {} : { name }),
    ...(price === undefined ? {} : { price }),
    ...(visible === undefined ? {} : { visible }),
  };
  if (!mapping) return given;
  return Object.fromEntries(
    Object.entries(given).filter(
      ([field, value]) => mapping[field as 'name' | 'price' | 'visible'] !== value,
    ),
  );
}

function countsOf(plan: readonly PlannedLine[]) {
  const of = (action: Line['action']) => plan.filter(({ line }) => line.action === action).length;
  return { added: of('add'), changed: of('change'), skipped: of('skip'), refused: of('refuse') };
}

function toldLines(plan: readonly PlannedLine[]): Line[] {
  const lines = plan.map(({ line }) => line);
  const refused = lines.filter((line) => line.action === 'refuse');
  return [...refused, ...lines.filter((line) => line.action !== 'refuse')].slice(0, mostTold);
}

async function applyPlan(tx: Transaction, deps: ChangeDeps, plan: readonly PlannedLine[]): Promise<void> {
  const moved: number[] = [];
  for (const { line, patch, mapping } of plan) {
    if (line.action === 'add') moved.push(await addIn(tx, deps, { resellerId: line.reseller_id, ...patch }));
    if (line.action !== 'change' || !mapping) continue;
    const [locked] = await lockMappings(tx, [mapping.id]);
    if (!locked) continue;
    const { name, price, visible } = patch;
    const set = {
      ...(name === undefined ? {} : { name }),
      ...(price === undefined ? {} : { price }),
      ...(visible === undefined ? {} : { visible }),
    };
    await change(tx, deps, locked, { action: 'edit', set, words: `from line ${line.line} of a file` });
    moved.push(mapping.id);
  }
  if (moved.length === 0) return;
  await audit(tx, deps, 'my-packages.import', moved.length, undefined, countsOf(plan));
  await finish(tx, deps, moved);
}
