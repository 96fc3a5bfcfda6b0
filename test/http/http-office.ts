import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { TokenScope } from '../../src/shared/contract/http/route.ts';
import { answerFromMirror } from '../../src/main/answer-from-mirror.ts';
import { fillMirror } from '../../src/main/fill-mirror.ts';
import { createToken } from '../../src/main/http-answers.ts';
import type { HttpServices } from '../../src/main/http/http-services.ts';
import { startHttp } from '../../src/main/http/start-http.ts';
import { knowDatabase, type KnownDatabase } from '../../src/main/know-database.ts';
import type { MirrorKeeper } from '../../src/main/mirror/keep-mirror.ts';
import { openMirror } from '../../src/main/mirror/mirror.ts';
import { startOperations, type Operations } from '../../src/main/operations.ts';
import { createOutbox } from '../../src/main/outbox/outbox.ts';
import { startSender } from '../../src/main/outbox/send-outbox.ts';
import { sendTo } from '../../src/main/services.ts';
import { shareDurableFile } from '../../src/main/storage/durable-file.ts';
import { connectionName } from '../../src/main/storage/killed-processes.ts';
import type { SubmitDeps } from '../../src/main/accounts/submit-account.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { translateErrors } from '../../src/main/storage/postgres-errors.ts';
import type { PackageDeps } from '../../src/main/packages/run-catalogue-pass.ts';
import { readOfficeSettings } from '../../src/main/system/office-settings.ts';
import type { Workspace } from '../../src/main/workspace.ts';
import { noPackages } from '../packages/no-packages.ts';
import { accountParts } from '../support/account-parts.ts';
import { usePassOffice, silentLog, type PassOffice } from '../deals/pass-office.ts';
import { createMeter } from '../../src/main/system/meter.ts';

/** The environment's token of the tests. */
export const environmentToken = 'environment-token-of-the-tests';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** What the text says; undefined where it is not JSON. */
  json: unknown;
}

export interface Asked {
  token?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One program with an HTTP API, on the office's database. */
export interface HttpProgram {
  port: number;
  operations: Operations;
  services: HttpServices;
  processId: string;
  ask(method: string, path: string, asked?: Asked): Promise<Answer>;
  get(path: string, asked?: Asked): Promise<Answer>;
  post(path: string, body?: unknown, asked?: Asked): Promise<Answer>;
  token(scopes: TokenScope[], name?: string): Promise<{ token: string; id: number }>;
  /** From now on the database answers nothing, or does again. */
  setAway(isAway: boolean): void;
  /** Ends the program in order; `dies`: as far as the database can tell, all at once. */
  close(): Promise<void>;
}

export interface ProgramOptions {
  callLimit?: number;
  heartbeatMs?: number;
  folder?: string;
  /** The supplier of packages; none unless one is given. */
  supplier?: Pick<PackageDeps, 'connect' | 'missing'>;
  /** The account directory; none unless one is given. */
  directory?: SubmitDeps['directory'];
  /** Stands before the database that the program sees. */
  wrap?(database: Database): Database;
}

/** Starts a program that follows (another is made the leader), so that no pass runs by itself. */
export async function startProgram(office: PassOffice, options: ProgramOptions = {}): Promise<HttpProgram> {
  let isAway = false;
  let isClosed = false;
  const processId = randomUUID();
  // Named as a program's connections are, by which others see that it lives.
  const real = openDatabase({
    url: office.database.url,
    applicationName: connectionName('console', processId),
  });
  const refuse = () => Promise.reject(new Error('Connection terminated unexpectedly'));
  const flaky: Database = {
    ...real,
    query: (sql, values) => (isAway ? refuse() : real.query(sql, values)) as never,
    vital: { query: (sql, values) => (isAway ? refuse() : real.vital.query(sql, values)) as never },
    transaction: (work, given) => (isAway ? refuse() : real.transaction(work, given)),
  };
  const away: Database = { ...flaky, ...asOpsdeck(flaky) };
  const database = options.wrap?.(away) ?? away;
  await real.query(
    `update leader_lease set term = term + 1, process_id = $1, renewed_at = clock_timestamp(), expires_at = 'infinity'`,
    [randomUUID()],
  );
  await real.query(
    `insert into processes (id, kind, host, pid, version) values ($1, 'console', 'test', 1, '0')`,
    [processId],
  );
  const environment = { OPSDECK_ADVERSUS_URL: office.vendor.url, OPSDECK_ADVERSUS_USER: office.vendor.user };
  const workspace: Workspace = {
    database,
    kind: 'team',
    databaseId: 'office',
    databaseLabel: 'test',
    processId,
    holder: 'console 1@test',
    passes: { ...office.deps, database, processId },
    accounts: accountParts(
      { database, clock: office.deps.clock, processId },
      options.directory ? { directory: options.directory } : {},
    ),
    meter: createMeter(() => 0),
    missingDirectory: ['OPSDECK_DIRECTORY_URL'],
    packages: { ...noPackages({ ...office.deps, database, processId }), ...options.supplier },
    budget: () => null,
    missing: () => [],
    settings: () => readOfficeSettings(database, environment),
    reviveDatabase: () => Promise.resolve(),
    environment,
    close: () => Promise.resolve(),
  };
  const { clock } = workspace.passes;
  const operations = await startOperations({ workspace, log: silentLog });
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'opsdeck-http-'));
  const durable = shareDurableFile(join(folder, 'durable.sqlite'), { wall: () => Date.now(), onDamage() {} });
  const outbox = createOutbox(durable, clock);
  let keeper: MirrorKeeper | null = null;
  let known: KnownDatabase | null = null;
  const sender = startSender({
    outbox,
    clock,
    log: silentLog,
    random: () => 0.5,
    target() {
      const identity = known?.identity() ?? null;
      return identity !== null && operations.awaySince() === null ? sendTo(operations, identity) : null;
    },
    tell() {},
  });
  operations.subscribe((event) => event.type === 'status' && sender.wake());
  const mirror = openMirror(join(folder, `mirror-${processId}.sqlite`), {
    place: 'test',
    clock,
    log: silentLog,
  });
  const kept = answerFromMirror(mirror, clock);
  kept.useToday(() => operations.today);
  await new Promise<void>((resolve) => {
    known = knowDatabase(operations, {
      ...{ mirror, outbox, log: silentLog, tell() {} },
      onKnown() {
        keeper ??= fillMirror(mirror, operations, { clock, log: silentLog });
        sender.wake();
        resolve();
      },
    });
  });
  const identity = () => known?.identity() ?? mirror.identity();
  const services: HttpServices = {
    clock,
    log: silentLog,
    running: () => operations,
    operations: () => Promise.resolve(operations),
    onStarted: () => () => {},
    outbox,
    mirror,
    kept,
    identity,
    waitingHere: () => outbox.waitingCases(identity() ?? ''),
    holder: workspace.holder,
    sendKept: () => sender.wake(),
  };
  const http = await startHttp(services, {
    port: 0,
    environmentToken,
    callLimit: () => options.callLimit ?? 100,
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
  });
  const ask: HttpProgram['ask'] = (method, path, asked = {}) => send(http.port, method, path, asked);
  return {
    port: http.port,
    operations,
    services,
    processId,
    ask,
    get: (path, asked) => ask('GET', path, asked),
    post: (path, body, asked) => ask('POST', path, { ...asked, body }),
    async token(scopes, name = `script ${randomBytes(4).toString('hex')}`) {
      const made = await createToken({ workspace }, 'anna', { name, scopes });
      return { token: made.token, id: made.about.id };
    },
    setAway: (away) => (isAway = away),
    async close() {
      if (isClosed) return;
      isClosed = true;
      await http.close();
      await sender.close();
      await known?.close();
      await keeper?.close();
      await operations.close();
      durable.close();
      await mirror.close();
      await real.query('delete from processes where id = $1', [processId]);
      await real.close();
    },
  };
}

/** What the real pool does with errors of the connection. */
function asOpsdeck(database: Database): Pick<Database, 'query' | 'vital' | 'transaction'> {
  return {
    query: (sql, values) => translateErrors(() => database.query(sql, values)) as never,
    vital: { query: (sql, values) => translateErrors(() => database.vital.query(sql, values)) as never },
    transaction: (work, options) => translateErrors(() => database.transaction(work, options)),
  };
}

/** Programs of one test, closed after it. */
export function useHttpOffice(): {
  readonly office: PassOffice;
  start(options?: ProgramOptions): Promise<HttpProgram>;
} {
  const office = usePassOffice();
  let open: HttpProgram[] = [];
  beforeEach(() => (open = []));
  afterEach(async () => {
    await Promise.all(open.map((program) => program.close()));
    await office.it.database.query(
      'truncate api_tokens, api_requests, change_log, processes restart identity',
    );
  });
  return {
    get office() {
      return office.it;
    },
    async start(options) {
      const program = await startProgram(office.it, options);
      open.push(program);
      return program;
    },
  };
}

function send(port: number, method: string, path: string, asked: Asked): Promise<Answer> {
  const { token = environmentToken, body, headers = {} } = asked;
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, method, path, agent: false },
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const answer = Buffer.concat(parts).toString();
          const { statusCode: status = 0, headers: given } = response;
          resolve({ status, headers: given, text: answer, json: jsonOf(answer) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends bytes as they are and answers everything that came back until the other side closed. */
export function sendRaw(port: number, bytes: string | Buffer, patienceMs = 10_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let answer = '';
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => (answer += part));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}
