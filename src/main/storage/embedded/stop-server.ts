import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './postgres-error.ts';
import type { PostgresBinaries } from './postgres-binaries.ts';
import { findPostmaster } from './postmaster.ts';
import { isPidAlive } from './process-identity.ts';

/** How long each way of stopping is given; the first waits for a checkpoint, the others only for processes. */
const STEPS = [
  { mode: 'fast', signal: 'SIGINT', limitMilliseconds: 10_000 },
  { mode: 'immediate', signal: 'SIGQUIT', limitMilliseconds: 8000 },
  // Only for a server that hangs; the next start recovers from its log of changes as after a power failure.
  { mode: 'immediate', signal: 'SIGKILL', limitMilliseconds: 3000 },
] as const;

/** Stops the server of this cluster, in order first and at once after a limit; fine when none runs. */
export async function stopServer(
  binaries: PostgresBinaries,
  cluster: string,
  log: (line: string) => void,
): Promise<void> {
  const server = findPostmaster(cluster);
  if (server === undefined) return;
  for (const step of STEPS) {
    await ask(binaries, cluster, server.pid, step);
    if (await isGoneWithin(server.pid, step.limitMilliseconds)) return;
    log(
      `The embedded database did not stop in ${step.limitMilliseconds / 1000} s (${step.mode} shutdown, ${step.signal}).`,
    );
  }
  throw new EmbeddedPostgresError(
    'stop-failed',
    `The embedded database (process ${server.pid}) does not stop; end that process before starting again.`,
  );
}

/** Waits until the process is gone; false when the limit passed first. */
export async function isGoneWithin(pid: number, limitMilliseconds: number): Promise<boolean> {
  const deadline = performance.now() + limitMilliseconds;
  while (isPidAlive(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(15);
  }
  return true;
}

async function ask(
  binaries: PostgresBinaries,
  cluster: string,
  pid: number,
  step: (typeof STEPS)[number],
): Promise<void> {
  if (process.platform === 'win32') {
    const [program, args] = binaries.command('pg_ctl', ['stop', '-D', cluster, '-m', step.mode, '-W']);
    await promisify(execFile)(program, args, { windowsHide: true }).catch(() => undefined);
    return;
  }
  try {
    process.kill(pid, step.signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
