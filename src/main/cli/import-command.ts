import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LegacyCounts, LegacyProgress } from '../../shared/contract/legacy.ts';
import { importLegacy } from '../deals/legacy/import-legacy.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** How long the command waits for a pass that writes deals or messages, in ms. */
const permitWaitMs = 300_000;

/** `import legacy DIR`. */
export function addImportCommand(program: Command, output: Output): void {
  const command = program
    .command('import')
    .description('bring in what another program kept')
    .command('legacy')
    .description(
      'deals-cache.json and sms-cache.json of the old server: all of it in one transaction, or nothing',
    )
    .argument('<dir>', 'the folder with the files')
    .option('--dry-run', 'only say what would be imported, what is known and what is refused')
    .option('--backup <dir>', 'copy the files there first')
    .action(async (dir: string, options: { dryRun?: boolean; backup?: string }) => {
      const dryRun = options.dryRun === true;
      const counts = await withWorkspace(command, {}, async ({ workspace, signal, actor }) => {
        const { database, passes, holder, processId } = workspace;
        const { settings } = await workspace.settings();
        return importLegacy(
          {
            database,
            clock: passes.clock,
            settings,
            permits: { database, clock: passes.clock, processId, holder },
            waitMs: permitWaitMs,
          },
          {
            folder: resolve(dir),
            dryRun,
            backup: options.backup === undefined ? null : resolve(options.backup),
            actor,
            console: holder,
            signal,
            onProgress: tellProgress(output),
          },
        );
      });
      output.answer({ success: true, dry_run: dryRun, ...counts }, words(counts, dryRun));
    });
}

/** Says each tenth of a large file. */
function tellProgress(output: Output): (progress: LegacyProgress) => void {
  let told = 0;
  return ({ stage, bytes, total, records }) => {
    const tenth = total > 20_000_000 && stage === 'reading' ? Math.floor((bytes / total) * 10) : 0;
    if (tenth <= told) return;
    told = tenth;
    output.note(`Read ${tenth * 10} % (${records} records)`);
  };
}

function words(counts: LegacyCounts, dryRun: boolean): string {
  const { deals, sms, rejects } = counts;
  const did = dryRun ? 'would be imported' : 'imported';
  const lines = [
    `deals: ${deals.inserted} ${did}, ${deals.known} known, ${deals.conflicts} in conflict, ${deals.rejected} rejected (${deals.read} read)`,
    `sms: ${sms.inserted} ${did}, ${sms.known} known, ${sms.rejected} rejected (${sms.read} read)`,
    ...counts.missing.map((file) => `${file} is not in the folder.`),
    ...counts.conflicts.map(
      ({ lead_id: lead, order_date: at, why }) => `lead ${lead}, ${at}: ${conflictWords[why]}`,
    ),
    ...[...rejects.deals, ...rejects.sms].map(
      ({ reason, count, examples }) =>
        `rejected for ${reason}: ${count} (${examples.map(({ key, detail }) => [key ?? 'without id', detail].filter(Boolean).join(' ')).join(', ')})`,
    ),
  ];
  return lines.join('\n');
}

const conflictWords = {
  'other-content': 'the lead is in the database with other content; left as it is there',
  'removed-since': 'the lead was in the database and was removed; left out',
  'twice-in-file': 'the file holds it twice, with different contents; left out',
} as const;
