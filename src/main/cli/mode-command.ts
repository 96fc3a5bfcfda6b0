import { Argument, type Command } from 'commander';
import type { SystemMode } from '../../shared/contract/mode.ts';
import { getMode, setMode } from '../system/answer-mode.ts';
import { modeEffects } from '../system/mode.ts';
import type { Output } from './output.ts';
import { withWorkspace } from './with-workspace.ts';

/** `mode [async_queue|sync_direct]`: which it is and what every process believes, or switch it. */
export function addModeCommand(program: Command, output: Output): void {
  const command = program
    .command('mode')
    .description('how requests for accounts are carried out: show it, or switch it for every console')
    .addArgument(new Argument('[mode]', 'switch to').choices(['async_queue', 'sync_direct']))
    .option('--yes', 'confirm the switch')
    .action(async (wanted: SystemMode | undefined, options: { yes?: boolean }) => {
      const view = await withWorkspace(command, {}, ({ workspace, actor }) =>
        wanted === undefined
          ? getMode(workspace.accounts)
          : setMode(
              workspace.accounts,
              { mode: wanted, confirmed: options.yes === true },
              { actor, console: workspace.holder },
            ),
      );
      const others = view.processes.filter((process) => !process.self && process.alive);
      output.answer(
        { success: true, ...view },
        [
          `${view.mode}. ${modeEffects[view.mode]}`,
          ...others.map(
            ({ kind, pid, host, mode, since }) =>
              `${kind} ${pid}@${host}: ${mode ?? 'has not asked yet'}${since === null ? '' : ` since ${since}`}`,
          ),
        ].join('\n'),
      );
    });
}
