import { Argument, type Command } from 'commander';
import {
  duplicateAction,
  duplicateField,
  type DuplicateAction,
  type DuplicateField,
} from '../../shared/contract/duplicates.ts';
import { caseById } from '../deals/cases-store.ts';
import { noSuchCase } from '../deals/refuse-decision.ts';
import { resolveDuplicate, type Decided, type DecisionDeps } from '../deals/resolve-duplicate.ts';
import { undoDuplicate } from '../deals/undo-duplicate.ts';
import { OpsdeckError } from '../errors.ts';
import type { Output } from './output.ts';
import { withWorkspace, type CommandParts } from './with-workspace.ts';

/** Longest note, as the contract has it. */
const longestNote = 2_000;

interface ResolveOptions {
  note?: string;
  fields?: string;
  version?: string;
}

/** `duplicates resolve` and `duplicates undo`. */
export function addDecisionCommands(duplicates: Command, output: Output): void {
  addResolve(duplicates, output);
  addUndo(duplicates, output);
}

function addResolve(duplicates: Command, output: Output): void {
  const resolve = duplicates
    .command('resolve')
    .description('decide a case')
    .argument('<id>', 'number of the case')
    .addArgument(
      new Argument(
        '<action>',
        'approve: both count; replace: the new one does; merge: the old one takes over values; reject: the old one stays',
      ).choices(duplicateAction.options),
    )
    .option('--note <text>', 'why, for the history')
    .option(
      '--fields <names>',
      `what a merge takes over, of ${duplicateField.options.join(', ')} (commission,order_date)`,
    )
    .option('--version <n>', 'decide only if the case still has this version (default: as it is now)')
    .action(async (id: string, action: DuplicateAction, options: ResolveOptions) => {
      const number = caseNumber(id);
      const fields = options.fields === undefined ? undefined : readFields(options.fields);
      const version = options.version === undefined ? undefined : caseNumber(options.version, '--version');
      const note = readNote(options.note);
      const decided = await withWorkspace(resolve, {}, async (parts) => {
        const looked = version ?? (await presentVersion(parts, number));
        return resolveDuplicate(await decisionDeps(parts), {
          id: number,
          version: looked,
          action,
          note,
          fields,
        });
      });
      tell(output, decided);
    });
}

function addUndo(duplicates: Command, output: Output): void {
  const undo = duplicates
    .command('undo')
    .description('take a decision back, where nothing changed since')
    .argument('<id>', 'number of the case')
    .option('--version <n>', 'only if the case still has this version (default: as it is now)')
    .action(async (id: string, options: { version?: string }) => {
      const number = caseNumber(id);
      const version = options.version === undefined ? undefined : caseNumber(options.version, '--version');
      const decided = await withWorkspace(undo, {}, async (parts) => {
        const looked = version ?? (await presentVersion(parts, number));
        return undoDuplicate(await decisionDeps(parts), { id: number, version: looked });
      });
      tell(output, decided);
    });
}

async function presentVersion({ workspace }: CommandParts, id: number): Promise<number> {
  const row = await caseById(workspace.database, id);
  if (!row) throw noSuchCase(id);
  return row.version;
}

async function decisionDeps({ workspace, actor }: CommandParts): Promise<DecisionDeps> {
  const { settings } = await workspace.settings();
  return {
    database: workspace.database,
    clock: workspace.passes.clock,
    timeZone: settings.timeZone,
    actor,
    console: workspace.holder,
  };
}

function tell(output: Output, decided: Decided): void {
  const { action, message, id, version } = decided;
  output.answer({ success: true, action, message, id, version }, message);
}

function caseNumber(text: string, what = 'The case'): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new OpsdeckError(
    'BAD_REQUEST',
    `${what} has to be a number, as \`duplicates list\` shows it; ${JSON.stringify(text.slice(0, 40))} is none.`,
  );
}

function readFields(text: string): DuplicateField[] {
  const names = text.split(',').map((name) => name.trim());
  return names.map((name) => {
    const field = duplicateField.safeParse(name);
    if (field.success) return field.data;
    throw new OpsdeckError(
      'BAD_REQUEST',
      `There is no field ${JSON.stringify(name.slice(0, 40))}. Choose of: ${duplicateField.options.join(', ')}.`,
    );
  });
}

function readNote(text: string | undefined): string | undefined {
  if (text === undefined || text.trim().length <= longestNote) return text?.trim();
  throw new OpsdeckError('BAD_REQUEST', `The note may have at most ${longestNote} characters.`);
}
