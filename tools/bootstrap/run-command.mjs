import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const WINDOWS = process.platform === 'win32';

/**
 * Runs a command and answers its exit code and everything it said. Nothing is printed. `limitMilliseconds` ends it
 * with its whole process group.
 */
export async function runCommand(program, args, options = {}) {
  const { limitMilliseconds, ...spawnOptions } = options;
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !WINDOWS,
    ...spawnOptions,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const end = () => endGroup(child, 'SIGKILL');
  const onSignal = () => {
    end();
    process.exit(130);
  };
  const timer = limitMilliseconds === undefined ? undefined : setTimeout(end, limitMilliseconds);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, onSignal);
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
      child.once('close', (code, signal) => resolve({ code: code ?? 1, signal, output }));
    });
  } finally {
    clearTimeout(timer);
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, onSignal);
  }
}

/** Signals a child and everything it started, where it leads a group of its own. */
export function endGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (WINDOWS) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

/** The path of a program in PATH, or undefined. */
export function findProgram(name, path = process.env.PATH ?? '') {
  const names = WINDOWS ? [`${name}.exe`, `${name}.cmd`, name] : [name];
  return path
    .split(delimiter)
    .flatMap((folder) => names.map((file) => join(folder, file)))
    .find((candidate) => existsSync(candidate));
}

/**
 * `[program, args, options]` that run npm itself on the given Node; on Windows npm is a script and needs a shell.
 * Its own words are wanted for a failure, also when the caller's npm was told to be silent.
 */
export function npmCommand(args, node = process.execPath) {
  const cli = process.env.npm_execpath;
  const loud = [...args, '--loglevel=warn'];
  if (cli !== undefined && /npm-cli\.c?js$/.test(cli) && existsSync(cli)) return [node, [cli, ...loud], {}];
  return ['npm', loud, WINDOWS ? { shell: true } : {}];
}

/** The last lines of what a command said: enough to see why it failed. */
export function lastLines(output, count = 12) {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
