import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { OpsdeckError } from './errors.ts';
import type { LogLevel } from './log.ts';
import { makeFolder } from './make-folder.ts';

/** What the environment says, read and checked once. Settings of the office are read with the database. */
export interface Config {
  dataFolder: string;
  logFolder: string;
  backupFolder: string;
  logLevel: LogLevel;
  /** Null: the embedded server of the data folder. */
  databaseUrl: string | null;
  /** True: simulated upstreams stand in for those that are not configured. */
  sandbox: boolean;
  /** Business time stands still here; for tests. */
  frozenNow: Date | null;
  adversusPassword: string | null;
  /** The HTTP API's port (0: any free one) and token; null: the environment does not switch it on. */
  http: { port: number; token: string } | null;
  roamifyToken: string | null;
  /** Where a picture of the window is kept fresh; null for nowhere. */
  screenshotPath: string | null;
  /** False on Linux without a desktop session: nothing there holds an icon in a tray. */
  hasTray: boolean;
  /** Who acts, as claimed by the system's user name. */
  operator: string;
  /** Where tasks are queued; null: in the office's own database. */
  queueUrl: string | null;
  /** False: this process leaves tasks to others. */
  runTasks: boolean;
  /** Values that must never appear in a log. */
  secrets: readonly string[];
  environment: Readonly<Record<string, string | undefined>>;
}

const logLevel = z.enum(['debug', 'info', 'warn', 'error']);
const instant = z.iso.datetime({ offset: true });

/** Reads the environment; CONFIG_INVALID with a sentence that names the variable and what it may be. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const text = (name: string) => environment[name]?.trim() || null;
  const dataFolder = resolve(text('OPSDECK_DATA_DIR') ?? usualDataFolder(environment));
  const databaseUrl = text('OPSDECK_DATABASE_URL');
  if (databaseUrl !== null) checkDatabaseUrl('OPSDECK_DATABASE_URL', databaseUrl);
  const queueUrl = text('OPSDECK_QUEUE_URL');
  if (queueUrl !== null) checkDatabaseUrl('OPSDECK_QUEUE_URL', queueUrl);
  const adversusPassword = environment['OPSDECK_ADVERSUS_PASSWORD'] || null;
  const roamifyToken = text('OPSDECK_ROAMIFY_TOKEN');
  return {
    dataFolder,
    logFolder: join(dataFolder, 'logs'),
    backupFolder: join(dataFolder, 'backups'),
    logLevel: read(
      'OPSDECK_LOG_LEVEL',
      text('OPSDECK_LOG_LEVEL') ?? 'info',
      logLevel,
      'debug, info, warn or error',
    ),
    databaseUrl,
    sandbox: readSwitch('OPSDECK_SANDBOX', text('OPSDECK_SANDBOX')),
    frozenNow: readInstant('OPSDECK_NOW', text('OPSDECK_NOW')),
    adversusPassword,
    hasTray: process.platform !== 'linux' || !!environment['XDG_CURRENT_DESKTOP'],
    http: readHttp(text('OPSDECK_HTTP_PORT'), text('OPSDECK_HTTP_TOKEN')),
    roamifyToken,
    screenshotPath: readPath('OPSDECK_SCREENSHOT', text('OPSDECK_SCREENSHOT')),
    operator: operatorName(),
    queueUrl,
    runTasks:
      text('OPSDECK_RUN_TASKS') === null || readSwitch('OPSDECK_RUN_TASKS', text('OPSDECK_RUN_TASKS')),
    secrets: [
      adversusPassword,
      roamifyToken,
      databaseUrl && passwordOf(databaseUrl),
      queueUrl && passwordOf(queueUrl),
      text('OPSDECK_DIRECTORY_TOKEN'),
      text('OPSDECK_HTTP_TOKEN'),
    ].filter((secret): secret is string => !!secret),
    environment,
  };
}

/** Makes the folders of data and logs; CONFIG_INVALID when they cannot be. */
export function makeFolders(config: Pick<Config, 'dataFolder' | 'logFolder'>): void {
  for (const folder of [config.dataFolder, config.logFolder]) {
    try {
      makeFolder(folder);
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
      throw new OpsdeckError(
        'CONFIG_INVALID',
        `The folder ${folder} cannot be made (${code}). Name another data folder with OPSDECK_DATA_DIR.`,
        { cause },
      );
    }
  }
}

function read<T>(name: string, value: string, schema: z.ZodType<T>, allowed: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new OpsdeckError(
    'CONFIG_INVALID',
    `${name} is ${JSON.stringify(value.slice(0, 80))}; it has to be ${allowed}.`,
  );
}

function readSwitch(name: string, value: string | null): boolean {
  return value !== null && read(name, value, z.enum(['0', '1']), '1 (on) or 0 (off)') === '1';
}

function readInstant(name: string, value: string | null): Date | null {
  if (value === null) return null;
  return new Date(read(name, value, instant, 'an instant with a zone, like 2026-03-29T09:00:00Z'));
}

function readPath(name: string, value: string | null): string | null {
  if (value === null || isAbsolute(value)) return value;
  throw new OpsdeckError(
    'CONFIG_INVALID',
    `${name} is ${JSON.stringify(value)}; it has to be an absolute path.`,
  );
}

/** The port is for scripts that carry the token: open without one it would be open to every program here. */
function readHttp(port: string | null, token: string | null): Config['http'] {
  if (port === null) return null;
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new OpsdeckError(
      'CONFIG_INVALID',
      `OPSDECK_HTTP_PORT is ${JSON.stringify(port.slice(0, 80))}; it has to be a number from 0 to 65535.`,
    );
  }
  if (token === null) {
    throw new OpsdeckError(
      'CONFIG_INVALID',
      'OPSDECK_HTTP_PORT is set without OPSDECK_HTTP_TOKEN. Set the token that scripts must send, or leave the port out.',
    );
  }
  // As it can stand in a header; its text is never repeated.
  if (/^[\x21-\x7e]{1,512}$/.test(token)) return { port: Number(port), token };
  throw new OpsdeckError(
    'CONFIG_INVALID',
    'OPSDECK_HTTP_TOKEN has to be 1 to 512 plain characters without spaces, so that it can be sent in a header.',
  );
}

/** Never repeats the address: it may hold a password. */
function checkDatabaseUrl(name: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  const ok =
    url &&
    /^postgres(ql)?:$/.test(url.protocol) &&
    url.pathname.length > 1 &&
    [url.username, url.password, url.pathname].every(isDecodable) &&
    (url.hostname || url.searchParams.has('host'));
  if (ok) return;
  throw new OpsdeckError(
    'CONFIG_INVALID',
    `${name} cannot be read. It has to begin with postgres:// and name user, password, host and ` +
      'database; special characters in the password are written as %XX.',
  );
}

/** A percent sign of a password that was not written as %25 makes the rest of it unreadable. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function passwordOf(url: string): string | null {
  const { password } = new URL(url);
  return password ? decodeURIComponent(password) : null;
}

function usualDataFolder(environment: Readonly<Record<string, string | undefined>>): string {
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Opsdeck');
    case 'win32':
      return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Opsdeck');
    default:
      return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'opsdeck');
  }
}

function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the password file, as in some containers.
    return 'unknown';
  }
}
