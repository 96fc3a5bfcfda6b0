import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { OpsdeckError } from '../errors.ts';
import * as myPackages from '../packages/answer-my-packages.ts';
import * as packageOrders from '../packages/answer-orders.ts';
import { changeDeps, type PackageAccess } from '../packages/package-access.ts';
import * as shapes from '../packages/http-shapes.ts';
import { importMyPackages } from '../packages/import-my-packages.ts';
import { allMappings } from '../packages/my-packages-store.ts';
import { myPackagesCsv } from '../packages/my-packages-csv.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** Rows that are listed at most. */
const mostListed = 500;

/** `packages health|validate|invalid|check|fix|deduplicate|add|order|import|export`. */
export function addPackagesCommands(program: Command, output: Output): void {
  const group = program.command('packages').description('what the office sells, and the catalogue behind it');
  addHealth(group, output);
  addInvalid(group, output);
  addFix(group, output);
  addDeduplicate(group, output);
  addAdd(group, output);
  addOrder(group, output);
  addFiles(group, output);
}

function withAccess<T>(
  command: Command,
  work: (access: PackageAccess, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return withWorkspace(command, {}, ({ workspace, actor, signal }) =>
    work({ deps: workspace.packages, actor }, signal),
  );
}

type Health = Awaited<ReturnType<typeof shapes.healthShape>>;

function healthWords(health: Health): string {
  if (health.totalPackages === 0) return 'The office sells no packages yet. Add one with: packages add ID';
  const score = health.healthScore === null ? 'not checked yet' : `${health.healthScore} % valid`;
  const last = health.lastValidation ? `, last checked ${health.lastValidation}` : '';
  return `${health.totalPackages} packages on sale: ${health.validPackages} valid, ${health.invalidPackages} not (${score}${last})`;
}

function addHealth(group: Command, output: Output): void {
  const health = group
    .command('health')
    .description('how many of the packages on sale are valid')
    .action(async () => {
      const found = await withAccess(health, shapes.healthShape);
      output.answer({ success: true, ...found }, healthWords(found));
    });
  const validate = group
    .command('validate')
    .description('check every package on sale against the catalogue')
    .action(async () => {
      const found = await withAccess(validate, (access) => shapes.validateShape(access, 'cli'));
      output.answer(found, healthWords(found));
    });
  const check = group
    .command('check')
    .argument('<id>', 'number of a package on sale, or an id of the catalogue')
    .description('check one package before it is sold')
    .action(async (id: string) => {
      const asked = /^\d{1,15}$/.test(id) ? { id: Number(id) } : { reseller_id: id };
      const found = await withAccess(check, (access) => myPackages.check(access, asked));
      const words = found.alternatives.map((one) => `  ${one.package.reseller_id}: ${one.words}`);
      output.answer(
        { success: true, ...found },
        found.valid ? 'Valid.' : [found.detail, ...words].join('\n'),
      );
    });
}

function addInvalid(group: Command, output: Output): void {
  const invalid = group
    .command('invalid')
    .description('packages on sale that are not valid, with why')
    .action(async () => {
      const found = await withAccess(invalid, (access) =>
        shapes.invalidShape(access, { limit: mostListed, offset: 0 }),
      );
      const lines = found.invalid.map((one) => {
        const proposal = one.proposal ? ` Proposed: ${one.proposal.reseller_id}. ${one.proposal.words}` : '';
        return `${one.id}  ${one.reseller_id}  ${one.reason}: ${one.detail}${proposal}`;
      });
      output.answer(found, lines.length > 0 ? lines.join('\n') : 'Everything that was checked is valid.');
    });
}

function addFix(group: Command, output: Output): void {
  const fix = group
    .command('fix')
    .description('put proven equivalents in the place of invalid packages, and propose the rest to a person')
    .option('--dry-run', 'only tell what would be done')
    .action(async (options: { dryRun?: boolean }) => {
      const done = await withAccess(fix, (access) =>
        myPackages.fix(access, { dry_run: options.dryRun === true }),
      );
      const lines = done.fixed.map((one) => `${one.my_package_id}  ${one.from} → ${one.to}`);
      const sum = `${done.fixed.length} fixed, ${done.proposed} proposed to a person, ${done.left} without anything to propose`;
      output.answer({ success: true, ...done }, [...lines, sum].join('\n'));
    });
}

function addDeduplicate(group: Command, output: Output): void {
  const deduplicate = group
    .command('deduplicate')
    .description('remove what is sold twice: the same package, then the same country, data, days and price')
    .option('--dry-run', 'only tell what would be removed')
    .action(async (options: { dryRun?: boolean }) => {
      const done = await withAccess(deduplicate, (access) =>
        myPackages.removeDuplicates(access, { dry_run: options.dryRun === true }),
      );
      const details = {
        resellerIdDuplicates: done.reseller_id_duplicates,
        combinationDuplicates: done.combination_duplicates,
      };
      const lines = done.sets.map(
        (set) => `keeps ${set.kept.id} (${set.why}), removes ${set.removed.map((one) => one.id).join(', ')}`,
      );
      const sum = `${done.removed} ${done.dry_run ? 'would be removed' : 'removed'}`;
      output.answer(
        { success: true, status: 'success', removedCount: done.removed, details, ...done },
        [...lines, sum].join('\n'),
      );
    });
}

function addAdd(group: Command, output: Output): void {
  const add = group
    .command('add')
    .argument('<id>', 'id of a package of the catalogue')
    .description('begin to sell a package of the catalogue')
    .option('--price <amount>', 'what the office takes for it')
    .option('--name <text>', 'what the office calls it (default: the catalogue’s name)')
    .option('--hidden', 'do not show it yet')
    .action(async (id: string, options: { price?: string; name?: string; hidden?: boolean }) => {
      const price = options.price === undefined ? undefined : readPrice(options.price);
      const added = await withAccess(add, (access) =>
        myPackages.add(access, {
          reseller_id: id,
          price,
          name: options.name,
          visible: options.hidden !== true,
        }),
      );
      const words = `Sold from now on as number ${added.id}: ${added.name} (${added.reseller_id})`;
      output.answer({ success: true, ...added }, words);
    });
}

function readPrice(text: string): number {
  if (/^\d{1,6}(\.\d{1,2})?$/.test(text) && Number(text) <= 100_000) return Number(text);
  throw new OpsdeckError(
    'BAD_REQUEST',
    '--price has to be a number from 0 to 100000 with at most two decimals.',
  );
}

function addOrder(group: Command, output: Output): void {
  const order = group
    .command('order')
    .argument('<package>', 'number of a package on sale, or an id of the catalogue')
    .argument(
      '[reference]',
      'the office’s own name of this sale: it is bought once, however often it is asked for',
    )
    .option('--reference <text>', 'the same')
    .option('--look-up', 'only find out how the order of this reference stands')
    .description('buy a package')
    .action(
      async (asked: string, given: string | undefined, options: { reference?: string; lookUp?: boolean }) => {
        const reference = readReference(given ?? options.reference);
        const what = /^\d{1,15}$/.test(asked) ? Number(asked) : asked;
        const found = await withAccess(order, (access, signal) =>
          options.lookUp
            ? packageOrders.lookUp(access, reference)
            : packageOrders.order(access, { package: what, reference_id: reference }, signal),
        );
        const success = found.state === 'completed';
        const words = [
          found.message,
          found.fallback,
          ...found.alternatives.map((one) => `  ${one.package.reseller_id}: ${one.words}`),
        ];
        output.answer(
          success ? { success, ...found } : { success, code: 'UPSTREAM_FAILED', ...found },
          words.filter((line) => line !== null).join('\n'),
        );
        if (!success) output.setExitCode(1);
      },
    );
}

function readReference(text: string | undefined): string {
  const reference = text?.trim() ?? '';
  if (reference !== '' && reference.length <= 100) return reference;
  throw new OpsdeckError(
    'BAD_REQUEST',
    'Give the sale a reference of at most 100 characters: packages order PACKAGE REFERENCE',
  );
}

function addFiles(group: Command, output: Output): void {
  const read = group
    .command('import')
    .argument('<file>', 'CSV with the columns reseller_id, name, price, visible')
    .description('read what the office sells from a file: whole, or not at all')
    .option('--dry-run', 'only tell what would be done')
    .action(async (file: string, options: { dryRun?: boolean }) => {
      const text = readFile(file);
      const done = await withAccess(read, (access) =>
        importMyPackages(changeDeps(access), { text, dryRun: options.dryRun === true }),
      );
      const problems = done.lines.flatMap((line) =>
        line.problems.map((problem) => `line ${line.line}: ${problem}`),
      );
      const sum = `${done.added} added, ${done.changed} changed, ${done.skipped} as they were, ${done.refused} refused`;
      const end = done.applied
        ? []
        : [done.dry_run ? 'Nothing was written (dry run).' : 'Nothing was written.'];
      output.answer(
        { success: done.applied || done.dry_run, ...done },
        [...problems, sum, ...end].join('\n'),
      );
      if (!done.applied && !done.dry_run) output.setExitCode(1);
    });
  const write = group
    .command('export')
    .argument('<file>', 'where to')
    .description('write what the office sells to a CSV file')
    .action(async (file: string) => {
      const rows = await withAccess(write, ({ deps }) => allMappings(deps.database));
      writeFileSync(file, myPackagesCsv(rows));
      output.answer(
        { success: true, path: file, rows: rows.length },
        `${rows.length} packages written to ${file}`,
      );
    });
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OpsdeckError('BAD_REQUEST', `The file ${file} cannot be read. Check its name and rights.`, {
      cause,
    });
  }
}
