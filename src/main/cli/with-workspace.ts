import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { loadConfig, makeFolders, type Config } from '../config.ts';
import { OpsdeckError } from '../errors.ts';
import { openLog, type OpenLog } from '../log.ts';
import type { ProcessKind } from '../system/processes.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

/** A signal that comes again within this time is the same one, in ms. */
const sameSignalMs = 1_500;

/** What a command works with. */
export interface CommandParts {
  config: Config;
  workspace: Workspace;
  log: OpenLog;
  /** Aborted by Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Who acts: `--as`, else the system's user. */
  actor: string;
}

/** The configuration, for what has to be done without a workspace. */
export const readConfig = (): Config => loadConfig(process.env);

/**
 * Opens the workspace for one command and closes it after, whatever happens. Ctrl-C aborts what runs; a second
 * one ends the process at once.
 */
export async function withWorkspace<T>(
  command: Command,
  options: { kind?: ProcessKind; print?: (line: string) => void },
  work: (parts: CommandParts) => Promise<T>,
): Promise<T> {
  const config = readConfig();
  const kind = options.kind ?? 'cli';
  const clock = systemClock(config.frozenNow ?? undefined);
  makeFolders(config);
  const log = openLog({
    folder: config.logFolder,
    name: kind,
    level: config.logLevel,
    secrets: config.secrets,
    ...(options.print ? { print: options.print } : {}),
  });
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (stop.signal.aborted) {
      // A terminal and npm both pass the same Ctrl-C on; only a later one is a second.
      if (clock.monotonic() - firstAt > sameSignalMs) process.exit(1);
      return;
    }
    firstAt = clock.monotonic();
    stop.abort(new OpsdeckError('CANCELLED', 'Stopped on request; nothing half-done was left behind.'));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  try {
    const workspace = await openWorkspace({ config, clock, log, kind, signal: stop.signal });
    try {
      const given: unknown = command.optsWithGlobals()['as'];
      const actor = typeof given === 'string' && given.trim() ? given.trim() : config.operator;
      return await work({ config, workspace, log, signal: stop.signal, actor });
    } finally {
      await workspace.close();
    }
  } catch (error) {
    log.error('Command failed', { error });
    throw error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    log.close();
  }
}
