import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../../src/main/cli.ts');

export interface CliResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningCli {
  child: ChildProcess;
  ended: Promise<CliResult>;
}

/** A data folder of its own for one test. */
export function dataFolder(): string {
  return mkdtempSync(join(tmpdir(), 'opsdeck-cli-'));
}

/** Starts the command line as a person's shell would, with nothing of Opsdeck in the environment but what is given. */
export function startCli(args: string[], environment: Record<string, string>): RunningCli {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('OPSDECK_') && !name.startsWith('VITEST'),
    ),
  );
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...inherited, NODE_OPTIONS: '', OPSDECK_DATA_DIR: dataFolder(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...out }));
  });
  return { child, ended };
}

export function runCli(args: string[], environment: Record<string, string>): Promise<CliResult> {
  return startCli(args, environment).ended;
}

/** The one document on stdout; throws when there is none, or more than one line. */
export function documentOf(result: CliResult): Record<string, unknown> {
  const text = result.stdout.trimEnd();
  if (text.includes('\n')) throw new Error(`more than one line on stdout:\n${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
