import { Argument, Option, type Command } from 'commander';
import type { PassProgress } from '../../shared/contract/sync.ts';
import { decideHeld } from '../deals/decide-held.ts';
import { followingDeals, listOpenHolds } from '../deals/held-store.ts';
import { runPass, type PassKind, type PassResult } from '../deals/run-pass.ts';
import { OpsdeckError } from '../errors.ts';
import { decideHeldPackages } from '../packages/decide-held-packages.ts';
import { openHold, sourceOfHold } from '../packages/held-store.ts';
import { resultShape } from '../packages/http-shapes.ts';
import { runCataloguePass, type CatalogueResult } from '../packages/run-catalogue-pass.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** How long a command waits for another's pass over the same source, in ms. */
const permitWaitMs = 300_000;

/** `sync deals|sms|agents|packages` and `sync held`. */
export function addSyncCommands(program: Command, output: Output): void {
  const sync = program.command('sync').description('read an upstream once, and decide what a pass held back');
  for (const source of ['deals', 'sms', 'agents'] as const) {
    const command = sync
      .command(source)
      .description(descriptions[source])
      .action(async (options: PassOptions) => {
        const result = await pass(command, output, source, options);
        output.answer(resultDocument(result), resultWords(result));
        if (result.removalsHeld) output.setExitCode(3);
      });
    if (source === 'agents') continue;
    for (const [kind, words] of Object.entries(kinds)) {
      const others = Object.keys(kinds).filter((other) => other !== kind);
      command.addOption(new Option(`--${kind}`, words).conflicts(others));
    }
    command
      .option('--from <day>', 'first day of a full resync, YYYY-MM-DD')
      .option('--to <day>', 'its last day');
  }
  addPackagesCommand(sync, output);
  addHeldCommand(sync, output);
}

function addPackagesCommand(sync: Command, output: Output): void {
  const command = sync
    .command('packages')
    .description('read the catalogue of packages')
    .option('--window', 'the whole catalogue (the only way there is)')
    .action(async () => {
      const result = await withWorkspace(command, {}, ({ workspace, signal }) =>
        runCataloguePass(workspace.packages, {
          ...{ trigger: 'cli', signal, waitMs: permitWaitMs },
          onProgress: tellWaiting(output),
        }),
      );
      output.answer(resultShape(result), packagesWords(result));
      if (result.held > 0) output.setExitCode(3);
    });
}

function packagesWords(result: CatalogueResult): string {
  const { inserted, updated, removed, unchanged, held, rejected, packages, note } = result;
  return [
    `packages: ${inserted} inserted, ${updated} updated, ${removed} retired, ${unchanged} unchanged, ${rejected} rejected (${packages} listed)`,
    ...(note ? [`${note}.`] : []),
    ...(held > 0
      ? [
          `${held} packages are missing from the answer; their retirement is held for a person. See them with: sync held`,
        ]
      : []),
  ].join('\n');
}

const descriptions = {
  deals: 'read leads and bring deals in step with them',
  sms: 'read messages',
  agents: 'read the names of agents and campaigns',
};

interface PassOptions {
  delta?: boolean;
  resync?: boolean;
  full?: boolean;
  from?: string;
  to?: string;
}

/** Ways to read, of which one at a time can be asked for. */
const kinds = {
  delta: 'only what changed since the last complete pass',
  window: 'the whole window (the default)',
  resync: 'the window anew, swapped in whole or not at all',
  full: 'the same for everything, or for --from and --to',
};

function kindOf(options: PassOptions): PassKind {
  return options.delta ? 'delta' : options.resync ? 'rolling' : options.full ? 'full' : 'window';
}

/** The days of a full resync; null for everything. */
function daysOf(options: PassOptions): { from: string; to: string } | null {
  const { from, to } = options;
  if (from === undefined && to === undefined) return null;
  if (options.full && from !== undefined && to !== undefined) return { from, to };
  throw new OpsdeckError(
    'BAD_REQUEST',
    'Give --from and --to together, with --full: sync deals --full --from 2026-01-01 --to 2026-01-31',
  );
}

async function pass(
  command: Command,
  output: Output,
  source: 'deals' | 'sms' | 'agents',
  options: PassOptions,
) {
  const kind = kindOf(options);
  const days = daysOf(options);
  return withWorkspace(command, {}, ({ workspace, signal }) =>
    runPass(workspace.passes, {
      source,
      kind,
      days,
      trigger: 'cli',
      signal,
      waitMs: permitWaitMs,
      onProgress: tellWaiting(output),
    }),
  );
}

/** Says once for whom is waited; everything else of a command's pass is quick enough to be silent. */
function tellWaiting(output: Output): (progress: Pick<PassProgress, 'waiting_for'>) => void {
  let told: string | null = null;
  return ({ waiting_for: holder }) => {
    if (holder && holder !== told) output.note(`Waiting for ${holder}, which writes the same source.`);
    told = holder;
  };
}

function resultDocument(result: PassResult) {
  return {
    success: true,
    source: result.source,
    kind: result.kind,
    inserted: result.inserted,
    updated: result.updated,
    removed: result.removed,
    unchanged: result.unchanged,
    held: result.held,
    rejected: result.rejected,
    waiting: result.waiting,
    removals_held: result.removalsHeld,
    complete: result.complete,
    shifted: result.shifted,
    pages: result.pages,
    calls: result.calls,
    run_id: result.runId,
    note: result.note,
  };
}

function resultWords(result: PassResult): string {
  const { inserted, updated, removed, unchanged, held, rejected } = result;
  const lines = [
    `${result.source}: ${inserted} inserted, ${updated} updated, ${removed} removed, ${unchanged} unchanged, ` +
      `${held} held, ${rejected} rejected (${result.pages} pages, ${result.calls} calls)`,
  ];
  if (!result.complete)
    lines.push(
      `The read was not complete (${result.note ?? 'unknown'}), so nothing was removed on its word.`,
    );
  if (result.waiting > 0)
    lines.push(`${result.waiting} removals wait for their look-up; the next window pass goes on with them.`);
  if (result.removalsHeld)
    lines.push(
      result.source === 'sms'
        ? 'Messages that are not listed any more were kept: too many to remove unasked.'
        : 'Removals are held for a person. See them with: sync held',
    );
  return lines.join('\n');
}

function addHeldCommand(sync: Command, output: Output): void {
  const held = sync
    .command('held')
    .description('removals that a pass held back: list them, or accept or discard one')
    .addArgument(new Argument('[action]', 'what to do').choices(['accept', 'discard']))
    .argument('[id]', 'number of the held removals')
    .option('--note <text>', 'why, for the audit log')
    .action(
      async (
        action: 'accept' | 'discard' | undefined,
        id: string | undefined,
        options: { note?: string },
      ) => {
        if (action === undefined) return listHeld(held, output);
        const number = readId(id);
        const result = await withWorkspace(held, {}, async ({ workspace, signal, actor }) => {
          const by = { actor, console: workspace.holder };
          const request = { signal, waitMs: permitWaitMs, trigger: 'cli' } as const;
          if ((await sourceOfHold(workspace.database, number)) === 'packages') {
            const asked = { id: number, action, note: options.note };
            const { retired, ...done } = await decideHeldPackages(workspace.packages, by, asked, request);
            return { ...done, removed: retired, waiting: 0 };
          }
          const decision = { id: number, action, ...by, note: options.note ?? null };
          return decideHeld(workspace.passes, decision, request);
        });
        output.answer(
          { success: true, ...result },
          `Held removals ${result.id} ${result.state}: ${result.removed} removed, ${result.kept} kept, ${result.waiting} wait for their look-up.`,
        );
      },
    );
}

function readId(text: string | undefined): number {
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  throw new OpsdeckError('BAD_REQUEST', 'Name the held removals by their number, as `sync held` lists them.');
}

async function listHeld(command: Command, output: Output): Promise<void> {
  await withWorkspace(command, {}, async ({ workspace }) => {
    const holds = await listOpenHolds(workspace.database);
    const held = await Promise.all(
      holds.map(async (hold) => ({
        id: hold.id,
        state: hold.state,
        reason: hold.reason,
        count: hold.leadIds.length,
        of_deals: hold.ofDeals,
        removed: hold.removed,
        range_start: hold.rangeStart.toISOString(),
        range_end: hold.rangeEnd.toISOString(),
        held_at: hold.heldAt.toISOString(),
        lead_ids: hold.leadIds,
        sample: (await followingDeals(workspace.database, hold.leadIds, 20)).map((deal) => ({
          lead_id: deal.leadId,
          agent: deal.agent ?? `Agent ${deal.userId}`,
          commission: deal.commission === null ? null : Number(deal.commission),
          order_date: deal.orderDate.toISOString(),
        })),
      })),
    );
    const retirements = await openHold(workspace.database);
    const words = held.map(
      (hold) =>
        `${hold.id}  ${hold.state} since ${hold.held_at}: ${hold.count} of ${hold.of_deals} deals (${holdReasons[hold.reason]})`,
    );
    const packages = retirements && {
      ...{ id: retirements.id, source: 'packages', state: retirements.state, reason: retirements.reason },
      ...{ count: retirements.resellerIds.length, of_packages: retirements.ofPackages },
      ...{ held_at: retirements.heldAt.toISOString(), reseller_ids: retirements.resellerIds },
    };
    if (packages)
      words.push(
        `${packages.id}  ${packages.state} since ${packages.held_at}: ${packages.count} of ${packages.of_packages} packages (missing from the catalogue's answer)`,
      );
    const all = [...held.map((hold) => ({ source: 'deals', ...hold })), ...(packages ? [packages] : [])];
    output.answer(
      { success: true, held: all, count: all.length },
      words.length > 0
        ? `${words.join('\n')}\nDecide with: sync held accept|discard NUMBER`
        : 'No removals are held.',
    );
  });
}

const holdReasons = {
  empty: 'the vendor listed nothing at all',
  share: 'more than the share of deals that may go at once',
  half: 'more than half of the deals',
};
