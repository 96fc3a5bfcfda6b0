import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { serveAgent as ServeAgent } from '../http/serve-agent.ts';
import { openIncidents } from '../system/incidents.ts';
import { startOperations } from '../operations.ts';
import { startHealth } from '../start-health.ts';
import { shareDurableFile } from '../storage/durable-file.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** The HTTP API is loaded only where the environment switches it on. */
async function openHttp(...given: Parameters<typeof ServeAgent>) {
  if (given[0].http === null) return null;
  const { serveAgent } = await import('../http/serve-agent.ts');
  return serveAgent(...given);
}

/** `agent`: the scheduler without windows, until Ctrl-C. */
export function addAgentCommand(program: Command, output: Output): void {
  const command = program
    .command('agent')
    .description('run the schedule without windows, until Ctrl-C')
    .action(async () => {
      // Its log is its output; with --json it stays in the file, and stdout has the one document at the end.
      const print = output.json ? {} : { print: (line: string) => process.stdout.write(`${line}\n`) };
      await withWorkspace(
        command,
        { kind: 'agent', ...print },
        async ({ config, workspace, log, signal }) => {
          const { backupFolder, runTasks } = config;
          const durable = shareDurableFile(join(config.dataFolder, 'durable.sqlite'), {
            wall: () => workspace.passes.clock.wall(),
            onDamage: (_now, kept) =>
              log.warn(
                `The local file of deals not yet saved was damaged and begun anew; the old one is ${kept}.`,
              ),
          });
          const operations = await startOperations({ workspace, log, backupFolder, durable, runTasks });
          const open = await openIncidents(workspace.database, ['database-away']);
          const health = startHealth({
            ...{ durable, clock: workspace.passes.clock, log: log.child('health') },
            random: () => randomInt(1_000_000) / 1_000_000,
            running: () => operations,
            wasAway: (incident) => open.includes(incident),
          });
          health.follow(operations);
          try {
            const http = await openHttp(config, operations, {
              clock: workspace.passes.clock,
              log,
              durable,
              tell: (sentence) => void health.health.raise('WARNING', sentence),
            });
            log.info(`Agent host started on ${workspace.databaseLabel}; Ctrl-C stops it`);
            await new Promise<void>((resolve) => {
              if (signal.aborted) return resolve();
              signal.addEventListener('abort', () => resolve(), { once: true });
            });
            await http?.close();
          } finally {
            await health.close();
            await operations.close();
            durable.close();
          }
        },
      );
      output.answer({ success: true, state: 'stopped' }, 'Agent host stopped.');
    });
}
