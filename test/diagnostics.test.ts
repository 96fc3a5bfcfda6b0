import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreparedDiagnostics } from '../src/shared/contract/diagnostics.ts';
import { systemClock, type Clock } from '../src/main/clock.ts';
import { loadConfig } from '../src/main/config.ts';
import { environmentFacts, makeDiagnostics } from '../src/main/diagnostics.ts';
import { OpsdeckError } from '../src/main/errors.ts';
import { raiseHealthEvent } from '../src/main/system/health-events.ts';
import { openWorkspace, type Workspace } from '../src/main/workspace.ts';
import { silentLog } from './deals/pass-office.ts';
import { createFakeClock } from './support/fake-clock.ts';
import { createTestDatabase, type TestDatabase } from './support/postgres.ts';
import { readZip } from './system/diagnostics/read-zip.ts';

/** What is planted, each where such things come to stand; none may be found again, in whatever case. */
const canaries = {
  databasePassword: 'kanarie-db-lösen',
  queuePassword: 'kanariekö99',
  vendorPassword: 'kanarie+slapptext',
  vendorUser: 'kanariekonto',
  token: 'kanarietoken-3f9a',
  agent: 'Kanariefågel',
  surname: 'Burström-Canary',
  email: 'kanarie.person@example.se',
  phone: '+46 70 987 65 43',
  receiver: '46709876543',
  host: 'vaktstugan-pc',
};

const environmentOf = (folder: string, databaseUrl: string) => ({
  OPSDECK_DATA_DIR: folder,
  OPSDECK_DATABASE_URL: databaseUrl,
  OPSDECK_QUEUE_URL: databaseUrl.replace(
    encodeURIComponent(canaries.databasePassword),
    canaries.queuePassword,
  ),
  OPSDECK_ADVERSUS_URL: 'http://127.0.0.1:1/v1',
  OPSDECK_ADVERSUS_USER: canaries.vendorUser,
  OPSDECK_ADVERSUS_PASSWORD: canaries.vendorPassword,
  OPSDECK_DIRECTORY_URL: 'http://127.0.0.1:1/auth/v1',
  OPSDECK_DIRECTORY_TOKEN: canaries.token,
  OPSDECK_TIME_ZONE: 'Europe/Stockholm',
});

/** A log as a careless program would have written it: nothing in it is redacted. */
function plantLog(folder: string): void {
  mkdirSync(join(folder, 'logs'));
  const line = (fields: object) =>
    `${JSON.stringify({ level: 'info', time: '2026-11-16T11:00:00.000Z', pid: 1, ...fields })}\n`;
  writeFileSync(
    join(folder, 'logs', 'console.log'),
    [
      line({ message: `${canaries.agent} sold to ${canaries.email}`, receiver: canaries.receiver }),
      line({
        message: 'Request',
        headers: { authorization: `Bearer ${canaries.token}` },
        to: canaries.phone,
      }),
      line({
        message: `connect postgres://u:${canaries.databasePassword}@db/x`,
        number: Number(canaries.receiver),
      }),
      line({
        message: 'Pass ended',
        error: { message: `who is ${canaries.surname.toUpperCase()}?` },
        rows: 17,
      }),
      `cut off ${canaries.email} ${canaries.receiver} by ${canaries.agent.toLowerCase()}\n`,
    ].join(''),
  );
  writeFileSync(
    join(folder, 'logs', 'agent.log'),
    line({ message: `${canaries.surname} on ${canaries.host}` }),
  );
}

async function plantRows(database: TestDatabase): Promise<void> {
  const { agent, surname, email, phone, receiver } = canaries;
  await database.query(
    `insert into processes (id, kind, host, pid, version) values (gen_random_uuid(), 'agent', $1, 1, '0')`,
    [canaries.host],
  );
  await database.query(`insert into agents (user_id, name) values (1, $1)`, [`${agent} ${surname}`]);
  await database.query(
    `insert into account_requests (key, email, name, plan, state, path, code, message, actor, console)
     values ('k1', $1, $2, 'basic', 'open', 'queue', 'UPSTREAM_FAILED', $3, $2, $4)`,
    [email, surname, `no account for ${email}`, `console 1@${canaries.host}`],
  );
  await database.query(
    `insert into sync_runs (source, kind, trigger, state, error_code, error, ended_at)
     values ('deals', 'window', 'person', 'failed', 'UPSTREAM_FAILED', $1, now())`,
    [`${email} asked for ${phone}: ${agent}`],
  );
  await raiseHealthEvent(database, 'ERROR', `${email} was refused, call ${phone}`, {
    ...{ receiver, name: surname, token: canaries.token, kind: 'upstream-refusing', subject: agent },
  });
}

function found(text: string): string[] {
  const all = text.toLowerCase();
  return Object.entries(canaries)
    .filter(([, canary]) =>
      [canary, encodeURIComponent(canary), ...canary.split(/[- .+]/).filter((word) => word.length > 5)].some(
        (form) => all.includes(form.toLowerCase()),
      ),
    )
    .map(([name]) => name);
}

describe('the diagnostics file', () => {
  let database: TestDatabase;
  let workspace: Workspace;
  let folder: string;
  let url: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const address = new URL(database.url);
    address.password = canaries.databasePassword;
    url = address.href;
    folder = mkdtempSync(join(tmpdir(), 'opsdeck-diagnostics-'));
    plantLog(folder);
    const config = loadConfig(environmentOf(folder, url));
    workspace = await openWorkspace({ config, clock: systemClock(), log: silentLog, kind: 'cli' });
    await plantRows(database);
  });
  afterAll(async () => {
    await workspace.close();
    await database.drop();
  });

  const make = async (from: () => Promise<Workspace>, clock: Clock = systemClock()) => {
    const { told, zip } = await makeDiagnostics({
      config: loadConfig(environmentOf(folder, url)),
      clock,
      workspace: from,
      own: {},
      names: () => [`${canaries.agent} ${canaries.surname}`],
    });
    return { told, zip, files: readZip(zip) };
  };

  it('has nothing of what was planted, though the naive copy of the same has all of it', async () => {
    const { files, told } = await make(() => Promise.resolve(workspace));
    for (const [name, text] of files) expect({ name, found: found(text) }).toEqual({ name, found: [] });
    expect(told.parts.filter(({ missing }) => missing !== null)).toEqual([]);
    // The naive way: the log and the configuration as they are.
    const naive = [
      readFileSync(join(folder, 'logs', 'console.log'), 'utf8'),
      readFileSync(join(folder, 'logs', 'agent.log'), 'utf8'),
      JSON.stringify(loadConfig(environmentOf(folder, url)).environment),
    ].join('');
    expect(found(naive).toSorted()).toEqual(Object.keys(canaries).toSorted());
  });

  it('has what helps: versions, settings, schema, counts, passes, timeline, the log’s own words', async () => {
    const { files, told, zip } = await make(() => Promise.resolve(workspace));
    const read = (name: string) => JSON.parse(files.get(`${name}.json`)!) as Record<string, never>;
    expect([...files.keys()]).toEqual([
      'about.txt',
      ...[
        'program',
        'configuration',
        'console',
        'database',
        'upstreams',
        'sync-runs',
        'health',
        'schedules',
      ].map((name) => `${name}.json`),
      ...['mode-and-tasks.json', 'performance.json', 'logs/console.log', 'logs/agent.log'],
    ]);
    expect(told.bytes).toBe(zip.length);
    expect(read('program')).toMatchObject({ version: expect.any(String) as string, dataFolder: folder });
    expect(read('configuration')).toMatchObject({
      environment: {
        OPSDECK_ADVERSUS_PASSWORD: '(set)',
        OPSDECK_ADVERSUS_URL: 'http://127.0.0.1:1/v1',
        OPSDECK_TIME_ZONE: 'Europe/Stockholm',
      },
      office: { timeZone: 'Europe/Stockholm', adversusUser: '(set)' },
    });
    expect(read('database')).toMatchObject({ kind: 'team', waiting: { duplicates: 0, accountRequests: 1 } });
    expect(read('sync-runs')).toMatchObject([
      { source: 'deals', state: 'failed', error: '[hidden] asked for [hidden]: [hidden]' },
    ]);
    expect(read('health')).toMatchObject({
      events: [{ type: 'ERROR', metadata: { kind: 'upstream-refusing' } }],
    });
    expect(read('schedules')).toMatchObject({ stopped: false, jobs: expect.any(Array) as unknown[] });
    expect(read('mode-and-tasks')).toMatchObject({
      mode: { mode: 'async_queue' },
      processes: [{ host: 'computer 1' }, { host: 'computer 2', kind: 'agent' }],
    });
    expect(files.get('logs/console.log')).toContain('"message":"Pass ended"');
    expect(files.get('logs/console.log')!.trim().split('\n')).toHaveLength(5);
  });

  it('is made without the database too, and says what is missing and why', async () => {
    const away = () => Promise.reject(new OpsdeckError('DATABASE_AWAY', `db of ${canaries.email} is away`));
    const { files, told } = await make(away);
    // Names of other computers are in the database alone.
    for (const [name, text] of files)
      expect({ name, found: found(text).filter((one) => one !== 'host') }).toEqual({ name, found: [] });
    expect(told.parts.find(({ part }) => part === 'database')!.missing).toBe('db of [hidden] is away');
    // Nobody could say which words are names.
    expect(files.get('logs/console.log')).toContain('"message":"[hidden] ended"');
    expect(files.get('about.txt')).toContain('every word with a capital was hidden');
    expect(JSON.parse(files.get('configuration.json')!)).toMatchObject({
      environment: { OPSDECK_TIME_ZONE: 'Europe/Stockholm' },
    });
  });

  it('waits for nothing that never answers', async () => {
    const never = () => new Promise<Workspace>(() => {});
    const clock = createFakeClock();
    let told: Awaited<ReturnType<typeof make>>['told'] | null = null;
    void make(never, clock).then((made) => ({ told } = made));
    while (told === null) await (clock.sleeping > 0 ? clock.advance(1_000) : setImmediate());
    expect((told as PreparedDiagnostics).parts.find(({ part }) => part === 'health')!.missing).toMatch(
      /did not answer/,
    );
    // All that never answers is waited for together, not one after the other.
    expect(clock.monotonic()).toBeLessThan(20_000);
  });
});

describe('the environment as it may be told', () => {
  it('tells values that say nothing of anybody, and of all others that they are set', () => {
    expect(
      environmentFacts({
        PATH: '/bin',
        OPSDECK_HTTP_TOKEN: 'x',
        OPSDECK_HTTP_PORT: '4180',
        OPSDECK_QUEUE_URL: 'postgres://u:p@db:5432/q?sslpassword=z',
        OPSDECK_FUTURE_THING: 'who knows',
        OPSDECK_ROAMIFY_URL: 'not an address',
      }),
    ).toEqual({
      OPSDECK_FUTURE_THING: '(set)',
      OPSDECK_HTTP_PORT: '4180',
      OPSDECK_HTTP_TOKEN: '(set)',
      OPSDECK_QUEUE_URL: 'postgres://db:5432/q',
      OPSDECK_ROAMIFY_URL: '(set, not an address)',
    });
  });
});
