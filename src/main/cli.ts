import { Command, CommanderError } from 'commander';
import { addAccountsCommands } from './cli/accounts-commands.ts';
import { addAgentCommand } from './cli/agent-command.ts';
import { addAuditCommand } from './cli/audit-command.ts';
import { addBoardCommand } from './cli/board-command.ts';
import { addDatabaseCommands } from './cli/database-commands.ts';
import { addExportCommands } from './cli/export-commands.ts';
import { addDiagnosticsCommand } from './cli/diagnostics-command.ts';
import { addImportCommand } from './cli/import-command.ts';
import { addDuplicatesCommands } from './cli/duplicates-commands.ts';
import { addModeCommand } from './cli/mode-command.ts';
import { createOutput, exitCodeOf, type Output } from './cli/output.ts';
import { addPackagesCommands } from './cli/packages-commands.ts';
import { addRulesCommands } from './cli/rules-commands.ts';
import { addSandboxCommand } from './cli/sandbox-command.ts';
import { addSchedulesCommands } from './cli/schedules-commands.ts';
import { addStatusCommand } from './cli/status-command.ts';
import { addSyncCommands } from './cli/sync-commands.ts';
import { addTasksCommands } from './cli/tasks-commands.ts';
import { addTokensCommands } from './cli/tokens-command.ts';
import { OpsdeckError } from './errors.ts';
import { addWhyCommand } from './cli/why-command.ts';
import { version } from './version.ts';

process.exitCode = await run(process.argv.slice(2));

/** Runs one command; answers the exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 removals held. */
async function run(args: string[]): Promise<number> {
  const output = createOutput({ json: args.includes('--json') });
  try {
    const program = buildProgram(output);
    await program.parseAsync(args, { from: 'user' });
    return output.exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(error, output);
    output.fail(error);
    return exitCodeOf(error);
  } finally {
    await output.flush();
  }
}

function buildProgram(output: Output): Command {
  const program = new Command('opsdeck')
    .description('Operations console for small sales and service offices: the commands.')
    .version(version)
    // A command's --version is a case's, not ours.
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for usage)');
  const add = [
    addSyncCommands,
    addStatusCommand,
    addBoardCommand,
    addDuplicatesCommands,
    addModeCommand,
    addAccountsCommands,
    addTasksCommands,
    addSchedulesCommands,
    addPackagesCommands,
    addAuditCommand,
    addAgentCommand,
    addTokensCommands,
    addDatabaseCommands,
    addDiagnosticsCommand,
    addImportCommand,
    addRulesCommands,
    addExportCommands,
    addWhyCommand,
    addSandboxCommand,
  ];
  for (const addTo of add) addTo(program, output);
  program.allowExcessArguments().action(() => {
    const [unknown] = program.args;
    if (unknown === undefined) program.help({ error: true });
    throw new OpsdeckError('BAD_REQUEST', `There is no command "${unknown}". See: opsdeck --help`);
  });
  forAll(program, (command) => {
    command.exitOverride();
    // With --json a refusal is the one document on stdout; commander's own words would double it on stderr.
    command.configureOutput({ writeErr: (text) => (output.json ? undefined : process.stderr.write(text)) });
    command.option('--json', 'one JSON document on stdout');
    command.option('--as <name>', 'who acts, recorded as claimed (default: your user name)');
  });
  return program;
}

function forAll(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const child of command.commands) forAll(child, visit);
}

/** Help and version end well; everything else the parser refuses is wrong usage. */
function endOfParsing(error: CommanderError, output: Output): number {
  if (error.exitCode === 0) return 0;
  // Commander's own word for a command that was not named.
  const message =
    error.code === 'commander.help'
      ? 'Name a command; --help lists them.'
      : error.message.replace(/^error: /, '');
  if (output.json) output.fail(new OpsdeckError('BAD_REQUEST', message));
  return 2;
}
