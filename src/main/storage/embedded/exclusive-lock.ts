import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError, throwIfAborted } from './postgres-error.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/*
 * A lock between processes that survives kill -9 without the usual hole of stale lock files (two finders of a
 * dead lock, the slower of which deletes the fresh lock of the faster).
 *
 * The lock is a row of numbered files; the highest number is the lock. Its content names the holder or says that
 * it was given back. Whoever finds it free or its holder dead creates the next number, which the file system
 * allows to one process only. The highest file is never deleted; lower ones are, and whoever created a low number
 * from an old listing sees the higher one afterwards and steps back.
 */

const POLL_MILLISECONDS = 25;

interface LockContent {
  holder: ProcessIdentity | null;
}

/** Runs `work` while holding the lock in `folder`. Throws `lock-timeout` when a living holder keeps it too long. */
export async function withExclusiveLock<Result>(
  folder: string,
  options: { timeoutMilliseconds: number; signal?: AbortSignal | undefined },
  work: () => Promise<Result>,
): Promise<Result> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const number = await acquire(folder, options);
  try {
    return await work();
  } finally {
    replaceContent(folder, number, { holder: null });
  }
}

async function acquire(
  folder: string,
  options: { timeoutMilliseconds: number; signal?: AbortSignal | undefined },
): Promise<number> {
  const deadline = performance.now() + options.timeoutMilliseconds;
  for (;;) {
    throwIfAborted(options.signal);
    const current = highest(folder);
    const holder = current === 0 ? null : holderOf(folder, current);
    if (holder === null || !isAlive(holder)) {
      const mine = current + 1;
      if (tryCreate(folder, mine)) return mine;
    } else if (performance.now() > deadline) {
      throw new EmbeddedPostgresError(
        'lock-timeout',
        `Process ${holder.pid} has been starting or stopping the embedded database in ${folder} for too long; end that process and start again.`,
      );
    }
    await sleep(POLL_MILLISECONDS);
  }
}

function tryCreate(folder: string, number: number): boolean {
  const draft = writeDraft(folder, { holder: ownIdentity() });
  try {
    // A link appears with its content complete, unlike a file that is created and then written.
    linkSync(draft, lockPath(folder, number));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const numbers = lockNumbers(folder);
  if (Math.max(...numbers) > number) {
    rmSync(lockPath(folder, number), { force: true });
    return false;
  }
  for (const old of numbers) if (old < number) rmSync(lockPath(folder, old), { force: true });
  return true;
}

function replaceContent(folder: string, number: number, content: LockContent): void {
  renameSync(writeDraft(folder, content), lockPath(folder, number));
}

function writeDraft(folder: string, content: LockContent): string {
  const draft = join(folder, `draft-${randomUUID()}`);
  writeFileSync(draft, JSON.stringify(content), { mode: 0o600 });
  return draft;
}

function holderOf(folder: string, number: number): ProcessIdentity | null {
  try {
    return (JSON.parse(readFileSync(lockPath(folder, number), 'utf8')) as LockContent).holder;
  } catch {
    // Gone since the listing, or cut off by a power failure: nobody holds it. Creating the next number decides.
    return null;
  }
}

function highest(folder: string): number {
  return Math.max(0, ...lockNumbers(folder));
}

function lockNumbers(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const match = /^lock-(\d+)$/.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
}

function lockPath(folder: string, number: number): string {
  return join(folder, `lock-${number}`);
}
