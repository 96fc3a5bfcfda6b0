import { Argument, Option, type Command } from 'commander';
import { z } from 'zod';
import { duplicateAction, type DuplicateAction } from '../../shared/contract/duplicates.ts';
import {
  comparedDays,
  ruleDraft,
  type RuleConditions,
  type RuleDraft,
  type RuleSwitch,
  type RuleView,
} from '../../shared/contract/rules.ts';
import { compareVerdict } from '../deals/rules/agreement.ts';
import { viewRules } from '../deals/rules/answer-rules.ts';
import { removeRule, saveRule, switchRule } from '../deals/rules/change-rules.ts';
import { listVerdicts } from '../deals/rules/rules-store.ts';
import type { DecisionDeps } from '../deals/resolve-duplicate.ts';
import { OpsdeckError } from '../errors.ts';
import type { Output } from './output.ts';
import { withWorkspace, type CommandParts } from './with-workspace.ts';

/** Cases that are listed of a rule. */
const mostCases = 200;

/** `rules list|cases|add|shadow|act|off|remove`: what may decide duplicates in people's place. */
export function addRulesCommands(program: Command, output: Output): void {
  const rules = program
    .command('rules')
    .description('rules that may decide duplicates: list, make, switch and remove them');
  addList(rules, output);
  addCases(rules, output);
  addAdd(rules, output);
  for (const to of ['shadow', 'off'] as const) addSwitch(rules, output, to);
  addAct(rules, output);
  addRemove(rules, output);
}

function addList(rules: Command, output: Output): void {
  const list = rules
    .command('list', { isDefault: true })
    .description(`every rule, and how it agrees with people over ${comparedDays} days`)
    .action(async () => {
      const found = await withWorkspace(list, {}, ({ workspace }) =>
        viewRules(workspace.database, since(workspace)),
      );
      const words = found.length === 0 ? 'There are no rules.' : found.map(lineOf).join('\n');
      output.answer({ success: true, rules: found }, words);
    });
}

function addCases(rules: Command, output: Output): void {
  const cases = rules
    .command('cases')
    .description('what a rule would have decided, beside what people did, newest first')
    .addArgument(number())
    .action(async (text: string) => {
      const found = await withWorkspace(cases, {}, async (parts) => {
        const { database } = parts.workspace;
        const { id, action } = await presentRule(parts, text);
        const asked = { ruleId: id, since: since(parts.workspace), limit: mostCases };
        return (await listVerdicts(database, asked)).map((verdict) => compareVerdict(action, verdict));
      });
      const lines = found.map((one) => {
        const person = one.decided ? `${one.decided.resolution} by ${one.decided.by}` : 'nobody decided it';
        const word = one.acted ? 'decided by the rule' : person;
        const verdict = one.agrees === null ? '' : one.agrees ? ', agrees' : ', differs';
        return `case ${one.duplicate_id}, lead ${one.lead_id}: ${word}${verdict}`;
      });
      output.answer({ success: true, cases: found }, lines.join('\n') || 'Nothing was compared yet.');
    });
}

interface Given {
  action: DuplicateAction;
  differsOnly?: string;
  agents?: string;
  campaigns?: string;
  apartAtLeast?: string;
  apartAtMost?: string;
  weekdays?: string;
  waited?: string;
}

function addAdd(rules: Command, output: Output): void {
  const add = rules
    .command('add')
    .description('make a rule, in shadow: it records what it would decide, and decides nothing')
    .argument('<name>', 'what it is called, at most 60 characters')
    .addOption(
      new Option('--action <what>', 'what it would decide')
        .choices(duplicateAction.options)
        .makeOptionMandatory(),
    )
    .option('--differs-only <fields>', 'the sides differ in nothing but these, as agent,commission')
    .option('--agents <ids>', 'the new side is one of these agents’, by the vendor’s ids')
    .option('--campaigns <ids>', 'the new side is of one of these campaigns')
    .option('--apart-at-least <amount>', 'the commissions lie at least so far apart')
    .option('--apart-at-most <amount>', 'the commissions lie at most so far apart')
    .option('--weekdays <days>', 'the new order date is on one of these, 1 for Monday')
    .option('--waited <minutes>', 'the case has waited so long')
    .action(async (name: string, given: Given) => {
      const draft = readDraft(name, given);
      const made = await withWorkspace(add, {}, async (parts) =>
        saveRule(await changing(parts), draft, null),
      );
      output.answer({ success: true, ...made }, `Rule ${made.id} "${draft.name}" is in shadow.`);
    });
}

function addSwitch(rules: Command, output: Output, to: 'shadow' | 'off'): void {
  const words = { shadow: 'let it record what it would decide', off: 'let it rest' };
  const command = withVersion(rules.command(to).description(words[to])).action(
    async (text: string, { version }: { version?: string }) => {
      await switched(command, output, text, (rule) => ({ ...looked(rule, version), to }));
    },
  );
}

function addAct(rules: Command, output: Output): void {
  const act = withVersion(
    rules.command('act').description('let it decide by itself; a person’s word, so --as is needed'),
  )
    .requiredOption('--name <rule>', 'the rule’s name once more, so that none acts by a slip')
    .action(async (text: string, { name, version }: { name: string; version?: string }) => {
      needPerson(act);
      await switched(act, output, text, (rule) => ({ ...looked(rule, version), to: 'acting', name }));
    });
}

function addRemove(rules: Command, output: Output): void {
  const remove = withVersion(
    rules.command('remove').description('remove it and what it recorded; its decisions stay'),
  ).action(async (text: string, { version }: { version?: string }) => {
    const removed = await withWorkspace(remove, {}, async (parts) => {
      const rule = await presentRule(parts, text);
      await removeRule(await changing(parts), looked(rule, version));
      return rule;
    });
    output.answer({ success: true, id: removed.id }, `Rule ${removed.id} "${removed.name}" is removed.`);
  });
}

const number = () => new Argument('<id>', 'number of the rule, as `rules list` shows it');

function withVersion(command: Command): Command {
  return command
    .addArgument(number())
    .option('--version <n>', 'only if the rule still has this version (default: as it is now)');
}

async function switched(
  command: Command,
  output: Output,
  text: string,
  to: (rule: RuleView) => RuleSwitch,
): Promise<void> {
  const rule = await withWorkspace(command, {}, async (parts) => {
    const asked = to(await presentRule(parts, text));
    await switchRule(await changing(parts), asked);
    return presentRule(parts, text);
  });
  output.answer({ success: true, rule }, lineOf(rule));
}

/** There are no roles here, so the one who lets a rule act is at least named, and not by what account a script runs as. */
function needPerson(command: Command): void {
  const given: unknown = command.optsWithGlobals()['as'];
  if (typeof given === 'string' && given.trim() !== '') return;
  throw new OpsdeckError(
    'BAD_REQUEST',
    'Say who lets the rule act: rules act ID --name RULE --as YOUR-NAME. It is kept in the audit log.',
  );
}

async function changing({ workspace, actor }: CommandParts): Promise<DecisionDeps> {
  const { timeZone } = (await workspace.settings()).settings;
  const { database, passes, holder } = workspace;
  return { database, clock: passes.clock, timeZone, actor, console: holder };
}

async function presentRule({ workspace }: CommandParts, text: string): Promise<RuleView> {
  const id = wholeNumber(text, 'The rule');
  const found = (await viewRules(workspace.database, since(workspace))).find((rule) => rule.id === id);
  if (found) return found;
  throw new OpsdeckError('NOT_FOUND', `There is no rule ${id}. \`rules list\` shows those there are.`);
}

const looked = (rule: RuleView, version: string | undefined) => ({
  id: rule.id,
  version: version === undefined ? rule.version : wholeNumber(version, '--version'),
});

function since({ passes }: CommandParts['workspace']): Date {
  return new Date(passes.clock.now().getTime() - comparedDays * 86_400_000);
}

function wholeNumber(text: string, what: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new OpsdeckError(
    'BAD_REQUEST',
    `${what} has to be a number; ${JSON.stringify(text.slice(0, 40))} is none.`,
  );
}

function readDraft(name: string, given: Given): RuleDraft {
  const list = (text: string | undefined) => text?.split(',').map((one) => one.trim()) ?? null;
  const numbers = (text: string | undefined) => list(text)?.map(Number) ?? null;
  const amount = (text: string | undefined) => (text === undefined ? null : Number(text));
  const conditions: Record<keyof RuleConditions, unknown> = {
    differsOnlyIn: list(given.differsOnly),
    agents: numbers(given.agents),
    campaigns: list(given.campaigns),
    commissionApartAtLeast: amount(given.apartAtLeast),
    commissionApartAtMost: amount(given.apartAtMost),
    weekdays: numbers(given.weekdays),
    waitedMinutes: amount(given.waited),
  };
  const read = ruleDraft.safeParse({ name, action: given.action, conditions });
  if (read.success) return read.data;
  throw new OpsdeckError('BAD_REQUEST', `The rule cannot be made:\n${z.prettifyError(read.error)}`);
}

function lineOf(rule: RuleView): string {
  const { agreed, compared, waiting, acted, undone } = rule.figures;
  const own = rule.state === 'acting' ? `, decided ${acted}, ${undone} of them undone` : '';
  const stopped = rule.stopped ? `; stopped by itself: ${rule.stopped.why}` : '';
  return (
    `${rule.id}  ${rule.name} (${rule.action}): ${rule.state}, ` +
    `agrees with people in ${agreed} of ${compared}, ${waiting} waiting${own}${stopped}`
  );
}
