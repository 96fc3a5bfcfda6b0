import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/*
 * What does not belong to one clone and takes long to get: Node, the runtime for tests, the compiled SQLite. Every
 * entry is a folder that is complete or absent: it is made beside and renamed. Two that run at once both make it,
 * and the slower one throws its work away.
 */

/** The folder shared by all clones of this user. */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME;
  return base ? join(base, 'opsdeck-toolchain') : join(homedir(), '.cache', 'opsdeck-toolchain');
}

/**
 * Where Node keeps what it has compiled, and stripped of types, for the next process that loads the same files: a
 * command then starts in half the time. A variable that is set already wins. For plain Node only, never for Electron.
 */
export function compiledBefore() {
  return { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(cacheFolder(), 'compiled') };
}

/** The folder of a finished entry, or undefined. */
export function findCacheEntry(name) {
  const path = join(cacheFolder(), name);
  return existsSync(path) ? path : undefined;
}

/** The folder of an entry; made by `build(draftFolder)` where it is absent. */
export async function cacheEntry(name, build) {
  const path = join(cacheFolder(), name);
  if (existsSync(path)) return path;
  mkdirSync(cacheFolder(), { recursive: true });
  removeOldDrafts();
  const draft = join(cacheFolder(), `.draft-${process.pid}-${name}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  try {
    await build(draft);
    renameIfAbsent(draft, path);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return path;
}

function renameIfAbsent(draft, path) {
  try {
    renameSync(draft, path);
  } catch (error) {
    // A rename onto a folder with content fails: another process was faster, and its entry is as good as ours.
    if (!existsSync(path)) throw error;
  }
}

/** Drafts of processes that were killed. */
function removeOldDrafts() {
  for (const name of readdirSync(cacheFolder())) {
    const pid = Number(/^\.draft-(\d+)-/.exec(name)?.[1]);
    if (Number.isInteger(pid) && !isRunning(pid))
      rmSync(join(cacheFolder(), name), { recursive: true, force: true });
  }
}

/** True while a process with this pid exists. */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
