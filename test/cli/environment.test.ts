import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { startFakePostgres } from './fake-postgres.ts';
import { dataFolder, documentOf, runCli, type CliResult } from './run-cli.ts';

// Dozens of processes on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 180_000 });

const nowhere = 'postgres://anna:hemligt@127.0.0.1:9/opsdeck';

/** A failure in both forms: one document, and a sentence without a stack. */
async function failure(args: string[], environment: Record<string, string>) {
  const [json, plain] = await Promise.all([
    runCli([...args, '--json'], environment),
    runCli(args, environment),
  ]);
  const document = documentOf(json);
  expect(json.stderr).toBe('');
  expect(plain.stdout).toBe('');
  expect(plain.code).toBe(json.code);
  expectSentence(plain, String(document['message']));
  expect(Object.keys(document).sort()).toEqual(['code', 'message', 'success']);
  expect(document['success']).toBe(false);
  return { code: json.code, error: document['code'], message: String(document['message']) };
}

function expectSentence(result: CliResult, sentence: string): void {
  expect(result.stderr.trimEnd()).toBe(sentence);
  expect(result.stderr).not.toMatch(/\n\s+at |node:internal|\.ts:\d+/);
}

describe('a wrong environment', () => {
  let server: TestDatabase;
  beforeAll(async () => {
    server = await createTestDatabase();
  });
  afterAll(() => server.drop());

  it('is refused with a sentence that names the variable, exit 2, before any database is asked', async () => {
    const cases: [string, string][] = [
      ['OPSDECK_DATABASE_URL', 'mysql://root@localhost/x'],
      ['OPSDECK_DATABASE_URL', 'postgres://anna:100%hemligt@127.0.0.1:9/x'],
      ['OPSDECK_TIME_ZONE', 'Mars/Olympus'],
      ['OPSDECK_NOW', '2026-02-30T00:00:00Z'],
      ['OPSDECK_SANDBOX', 'yes'],
      ['OPSDECK_ADVERSUS_URL', 'https://user:geheim@api.example.com/v1'],
      ['OPSDECK_ADVERSUS_TIME_ZONE', '+01:00'],
      ['OPSDECK_ADVERSUS_UPDATED_FIELD', 'updated'],
      ['OPSDECK_DELTA_SECONDS', '14'],
      ['OPSDECK_LOG_LEVEL', 'loud'],
      ['OPSDECK_HTTP_PORT', '8080'],
      ['OPSDECK_ADVERSUS_COMMISSION_FIELD', 'x'.repeat(201)],
    ];
    await inFours(cases, async ([name, value]) => {
      const result = await runCli(['status', '--json'], { OPSDECK_DATABASE_URL: nowhere, [name]: value });
      const document = documentOf(result);
      expect({ name, value, code: result.code, error: document['code'] }).toEqual({
        name,
        value,
        code: 2,
        error: 'CONFIG_INVALID',
      });
      expect(document['message']).toContain(name);
      expect(document['message']).not.toMatch(/geheim|hemligt/);
    });
  });

  it('says so when the data folder cannot hold a database', async () => {
    const file = join(dataFolder(), 'file');
    writeFileSync(file, '');
    const failed = await failure(['status'], { OPSDECK_DATA_DIR: file });
    expect([1, 2]).toContain(failed.code);
    expect(failed.error).not.toBe('INTERNAL');
  });

  it('names what is missing of the upstream, and still answers what needs none', async () => {
    const environment = { OPSDECK_DATABASE_URL: server.url };
    const failed = await failure(['sync', 'deals'], { ...environment, OPSDECK_ADVERSUS_USER: 'api' });
    expect(failed).toMatchObject({ code: 2, error: 'CONFIG_INVALID' });
    expect(failed.message).toMatch(/OPSDECK_ADVERSUS_URL.*OPSDECK_ADVERSUS_PASSWORD/);
    const status = await runCli(['status', '--json'], environment);
    expect(status.code).toBe(0);
    expect(documentOf(status)).toMatchObject({
      success: true,
      deals: { totalDeals: 0, todayDeals: 0, lastSync: null, retryQueueLength: 0 },
      sms: { totalSMS: 0, todaySMS: 0, lastSync: null },
      pendingDuplicates: 0,
    });
    expect(await server.query('select 1 from sync_runs')).toMatchObject({ rowCount: 0 });
  });
});

describe('a database', () => {
  it('that does not answer: exit 1, and the password is not told', async () => {
    const failed = await failure(['sync', 'deals'], { OPSDECK_DATABASE_URL: nowhere });
    expect(failed).toMatchObject({ code: 1, error: 'DATABASE_AWAY' });
    expect(failed.message).not.toContain('hemligt');
  });

  it('that refuses the password: exit 2', async () => {
    const server = await startFakePostgres('wrong-password');
    const failed = await failure(['status'], { OPSDECK_DATABASE_URL: server.url });
    await server.close();
    expect(failed).toMatchObject({ code: 2, error: 'DATABASE_REFUSED' });
    expect(failed.message).toMatch(/password/);
    expect(failed.message).not.toMatch(/fel-l/);
  });

  it('that is too old: exit 2 with its version and the one needed', async () => {
    const server = await startFakePostgres('too-old');
    const failed = await failure(['db', 'migrate'], { OPSDECK_DATABASE_URL: server.url });
    await server.close();
    expect(failed).toMatchObject({ code: 2, error: 'DATABASE_REFUSED' });
    expect(failed.message).toMatch(/14\.5.*15/);
  });

  it('that does not exist: exit 2', async () => {
    const url = new URL(process.env['OPSDECK_TEST_SERVER_URL'] ?? '');
    url.pathname = '/no_such_database';
    expect(await failure(['status'], { OPSDECK_DATABASE_URL: url.href })).toMatchObject({
      code: 2,
      error: 'DATABASE_REFUSED',
    });
  });
});

describe('a database without TLS', () => {
  it('that is asked for it: exit 2, and no warning of the driver beside the document', async () => {
    for (const mode of ['require', 'verify-full']) {
      const url = `${process.env['OPSDECK_TEST_SERVER_URL']}?sslmode=${mode}`;
      const failed = await failure(['status'], { OPSDECK_DATABASE_URL: url });
      expect(failed).toMatchObject({ code: 2, error: 'DATABASE_REFUSED' });
      expect(failed.message).toMatch(/sslmode/);
    }
  });
});

describe('wrong usage', () => {
  const wrong = [
    ['bogus'],
    [],
    ['sync'],
    ['sync', 'everything'],
    ['sync', 'deals', '--delta', '--window'],
    ['sync', 'deals', '--no-such-option'],
    ['sync', 'held', 'accept'],
    ['sync', 'held', 'keep', '1'],
    ['board', 'tomorrow'],
    ['board', '2026-11-02..2026-11-01'],
  ];

  it('is exit 2 and one document', async () => {
    const results = await inFours(wrong, (args) =>
      runCli([...args, '--json'], { OPSDECK_DATABASE_URL: nowhere }),
    );
    for (const result of results) {
      expect(result).toMatchObject({ code: 2, stderr: '' });
      const document = documentOf(result);
      expect(document).toMatchObject({ success: false, code: 'BAD_REQUEST' });
      expect(String(document['message'])).toMatch(/\w+ \w+/);
    }
  });

  it('is exit 2 and words on stderr', async () => {
    const results = await inFours(wrong.slice(0, 3), (args) =>
      runCli(args, { OPSDECK_DATABASE_URL: nowhere }),
    );
    for (const result of results) {
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toMatch(/\w+ \w+/);
      expect(result.stderr).not.toMatch(/\n\s+at /);
    }
  });

  it('is not asking for help', async () => {
    const asked = [[], ['sync', 'deals'], ['sync', 'held'], ['db', 'migrate'], ['agent']];
    const results = await inFours(asked, (args) => runCli([...args, '--help'], {}));
    for (const result of results) {
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toMatch(/^Usage: opsdeck/);
    }
  });
});

/** Four at a time: enough to keep a small machine busy. */
async function inFours<Item, Result>(
  items: Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += 4)
    results.push(...(await Promise.all(items.slice(at, at + 4).map(work))));
  return results;
}
