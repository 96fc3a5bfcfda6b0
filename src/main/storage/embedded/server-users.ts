import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** Which kind of program uses the server; only for the log. */
export type OwnerKind = 'console' | 'agent' | 'cli';

/** One living user of the shared server, as its file says. */
export interface ServerUser extends ProcessIdentity {
  kind: OwnerKind;
}

/*
 * Who uses the server of a data folder: one small file per use, named by pid. Whoever stops last stops the server.
 * A process that was killed leaves its file behind; it is recognised by pid and start time, and removed.
 */

/** Notes this process as a user and returns the function that takes the note away again. */
export function registerUser(folder: string, kind: OwnerKind): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const user: ServerUser = { ...ownIdentity(), kind };
  const path = join(folder, `${user.pid}-${randomUUID()}.json`);
  writeFileSync(`${path}.draft`, JSON.stringify(user), { mode: 0o600 });
  renameSync(`${path}.draft`, path);
  return () => rmSync(path, { force: true });
}

/** The users whose processes live; the files of dead ones are removed on the way. */
export function livingUsers(folder: string): ServerUser[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const user = name.endsWith('.json') ? readUser(path) : undefined;
    if (user !== undefined && isAlive(user)) return [user];
    rmSync(path, { force: true });
    return [];
  });
}

function readUser(path: string): ServerUser | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ServerUser;
  } catch {
    return undefined;
  }
}
