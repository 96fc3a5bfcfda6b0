import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { makeDiagnostics } from '../diagnostics.ts';
import { OpsdeckError } from '../errors.ts';
import { bundleName, type Bundle } from '../system/diagnostics/make-bundle.ts';
import type { Workspace } from '../workspace.ts';
import type { Output } from './output.ts';
import { readConfig, withWorkspace } from './with-workspace.ts';

/** `diagnostics [FILE]`: a file about how the program is, for whoever is asked for help. */
export function addDiagnosticsCommand(program: Command, output: Output): void {
  const command = program
    .command('diagnostics')
    .description('a file about how the program is, without secrets and without anything about people')
    .argument(
      '[file]',
      'where to write it (default: opsdeck-diagnostics-….zip here); never over another file',
    )
    .action(async (file: string | undefined) => {
      const { told, zip } = await make(command);
      const path = resolve(file ?? bundleName(told.made_at));
      await write(path, zip);
      const missing = told.parts.filter((part) => part.missing !== null);
      output.answer(
        { success: true, path, bytes: told.bytes, parts: told.parts },
        [
          `${path}: ${told.bytes} bytes, without passwords, tokens, and names, addresses and numbers of people.`,
          ...told.parts.map(({ part, bytes }) => `  ${part}: ${bytes} bytes`),
          ...missing.map(({ part, missing: why }) => `${part} is missing: ${why}`),
        ].join('\n'),
      );
    });
}

/** Where the workspace cannot be opened the file says why, and has what can be had without. */
async function make(command: Command): Promise<Bundle> {
  let opened = false;
  try {
    return await withWorkspace(command, {}, ({ workspace }) => {
      opened = true;
      return bundleOf(() => Promise.resolve(workspace));
    });
  } catch (error) {
    const isPlace = error instanceof OpsdeckError && !opened && error.code !== 'CONFIG_INVALID';
    if (!isPlace) throw error;
    return bundleOf(() => Promise.reject(error));
  }
}

function bundleOf(workspace: () => Promise<Workspace>): Promise<Bundle> {
  const config = readConfig();
  return makeDiagnostics({ config, clock: systemClock(), workspace, own: {}, names: () => [] });
}

async function write(path: string, zip: Buffer): Promise<void> {
  try {
    await writeFile(path, zip, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new OpsdeckError(
      'BAD_REQUEST',
      code === 'EEXIST'
        ? `${path} is there already. Name another file.`
        : `${path} cannot be written (${code}). Name another place.`,
      { cause },
    );
  }
}
