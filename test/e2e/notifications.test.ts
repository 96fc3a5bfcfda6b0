import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HealthMetadata } from '../../src/shared/contract/alerts.ts';
import { startDirectory, type DirectorySandbox } from '../../src/main/sandbox/directory/start-directory.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { openSqlite } from '../../src/main/storage/sqlite.ts';
import { appendChange } from '../../src/main/system/change-log.ts';
import { raiseHealthEvent, type HealthEventType } from '../../src/main/system/health-events.ts';
import { startControlledPostgres, type ControlledPostgres } from '../faults/support/controlled-postgres.ts';
import {
  buildConsole,
  launchConsole,
  readIfThere,
  temporaryFolder,
  waitFor,
  type LaunchedConsole,
} from './launch-console.ts';
import { runCli } from '../cli/run-cli.ts';
import {
  missingPrograms,
  startNotificationService,
  type NotificationService,
} from './notification-service.ts';

/*
 * Native notifications as another program on the session bus receives them, from events that this process (another one
 * than the console) stores in Postgres.
 */

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const missing = missingPrograms();
if (missing.length > 0)
  console.warn(
    `\n!!! NATIVE NOTIFICATIONS ARE NOT TESTED HERE: ${missing.join(', ')} missing. On Debian: apt-get install -y dbus dunst\n`,
  );

describe.runIf(missing.length === 0)('native notifications', () => {
  const dataFolder = temporaryFolder();
  let service: NotificationService;
  let server: ControlledPostgres;
  let database: Database;
  let opsdeck: LaunchedConsole;
  let directory: DirectorySandbox;
  let port: number;
  const token = 'the-token-of-the-environment';

  beforeAll(async () => {
    await buildConsole('real');
    directory = await startDirectory();
    port = await freePort();
    service = await startNotificationService();
    server = await startControlledPostgres();
    database = openDatabase({ url: server.url, applicationName: 'another program' });
    opsdeck = await launch();
  });
  afterAll(async () => {
    await opsdeck?.close();
    await database?.close();
    await server?.close();
    service?.stop();
    await directory?.close();
  });

  const officeEnvironment = () => ({
    ...service.environment,
    ...{ OPSDECK_DATABASE_URL: server.url, LANGUAGE: 'en', LANG: 'C.UTF-8' },
    ...{ OPSDECK_DIRECTORY_URL: directory.url, OPSDECK_DIRECTORY_TOKEN: directory.token },
    // Nothing is there: the queue fails.
    OPSDECK_QUEUE_URL: 'postgres://nobody@127.0.0.1:9/queue',
  });

  async function launch(): Promise<LaunchedConsole> {
    const launched = await launchConsole({
      program: 'real',
      dataFolder,
      env: { ...officeEnvironment(), OPSDECK_HTTP_PORT: String(port), OPSDECK_HTTP_TOKEN: token },
    });
    await waitFor(() => places() > 0, 'the console to know where it begins');
    return launched;
  }

  /** Reads the console's own file beside it. */
  function local<Row>(sql: string, folder = dataFolder): Row[] {
    const sqlite = openSqlite(join(folder, 'durable.sqlite'));
    try {
      return sqlite.prepare<[], Row>(sql).all();
    } catch {
      return [];
    } finally {
      sqlite.close();
    }
  }
  const placesOf = (folder: string) => local('select * from alert_places', folder).length;
  const places = () => placesOf(dataFolder);
  const resultOf = (key: string) =>
    local<{ event_key: string; result: string }>('select event_key, result from alert_results').find(
      (row) => row.event_key === key,
    )?.result;

  const whyOf = (key: string) =>
    local<{ event_key: string; why: string | null }>('select event_key, why from alert_results').find(
      (row) => row.event_key === key,
    )?.why;

  async function raise(type: HealthEventType, message: string, metadata: HealthMetadata) {
    const at = Date.now();
    const id = await raiseHealthEvent(database, type, message, metadata);
    const row = await database.query<{ key: string }>(
      'select event_key as key from system_health_logs where id = $1',
      [id],
    );
    return { at, key: row.rows[0]!.key };
  }

  async function next(before: number, what: string) {
    await waitFor(() => service.calls().length > before, what);
    return service.calls()[before]!;
  }

  it('a critical event stored by another process is on the bus at once', async () => {
    const before = service.calls().length;
    const { at, key } = await raise('CRITICAL', 'The queue did not answer in 5 s', {
      kind: 'queue-fell-back',
      subject: 'one more',
    });
    const call = await next(before, 'a Notify call');
    console.info(`CRITICAL event to Notify on the bus: ${Math.round(call.at - at)} ms (to be under 1000)`);
    expect(call).toMatchObject({ title: 'The queue does not answer', critical: true });
    await waitFor(() => resultOf(key) === 'shown', 'its result');
  });

  it('so is a switch, as an ordinary one', async () => {
    const before = service.calls().length;
    const { at } = await raise('SWITCH', 'anna switched', { kind: 'mode', to: 'sync_direct', actor: 'anna' });
    const call = await next(before, 'a Notify call');
    console.info(`SWITCH event to Notify on the bus: ${Math.round(call.at - at)} ms (to be under 1000)`);
    expect(call).toMatchObject({
      title: 'The mode was switched',
      body: 'Now: direct, by anna.',
      critical: false,
    });
  });

  it('a queue that fails: the account is made all the same, CRITICAL is stored, and its words are on the bus', async () => {
    const before = service.calls().length;
    const asked = await fetch(`http://127.0.0.1:${port}/api/admin/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'anna@example.com', name: 'Anna', plan: 'basic' }),
    });
    expect(await asked.json()).toMatchObject({ success: true, result: 'created', path: 'direct' });
    expect(directory.state.withEmail('anna@example.com')).toHaveLength(1);
    const call = await next(before, 'a Notify call');
    expect(call).toMatchObject({ title: 'The queue does not answer', critical: true });
    const { rows } = await database.query<{ at: Date }>(
      `select created_at as at from system_health_logs where incident = 'queue-fell-back' and event_type = 'CRITICAL'`,
    );
    expect(rows).toHaveLength(1);
    console.info(`CRITICAL stored to Notify on the bus: ${Math.round(call.at - rows[0]!.at.getTime())} ms`);
  });

  it('a switch by command is a notification on every console', async () => {
    const other = await launchConsole({
      program: 'real',
      dataFolder: temporaryFolder(),
      env: officeEnvironment(),
    });
    try {
      await waitFor(
        async () =>
          (await database.query(`select from processes where kind = 'console'`)).rowCount === 2 &&
          readIfThere(join(other.dataFolder, 'logs', 'console.log')).includes('Working on'),
        'the other console',
      );
      // It looks at what there was before it hears of anything new.
      await waitFor(() => placesOf(other.dataFolder) > 0, 'the other console to know where it begins');
      const before = service.calls().length;
      const switched = await runCli(['mode', 'sync_direct', '--yes', '--as', 'Kim'], {
        OPSDECK_DATABASE_URL: server.url,
      });
      expect(switched.code).toBe(0);
      await next(before + 1, 'the second Notify call');
      for (const call of service.calls().slice(before))
        expect(call).toMatchObject({ title: 'The mode was switched', body: 'Now: direct, by Kim.' });
    } finally {
      await other.close();
    }
  });

  it('a thousand critical events in a moment are one notification, each with its result', async () => {
    const before = service.calls().length;
    await database.transaction(async (tx) => {
      for (let n = 0; n < 1_000; n += 1)
        await raiseHealthEvent(tx, 'CRITICAL', `Flood ${n}`, { flood: true });
    });
    await next(before, 'a Notify call');
    await waitFor(
      () => local(`select 1 from alert_results where kind = 'other'`).length === 1_000,
      'a thousand results',
    );
    // What came while it was gathered is in its title; the rest joined it.
    expect(service.calls().slice(before)).toMatchObject([
      { title: expect.stringMatching(/^\d+ critical events$/) as string, critical: true },
    ]);
  });

  it('a click opens what it is about', async () => {
    await service.closeAll();
    const before = service.calls().length;
    const added = await database.query<{ id: number }>(
      `insert into pending_duplicates (lead_id, new_user_id, new_order_date, new_multi_deals, new_status, new_data, state_key, reasons, detected_at)
       values ('4711', 1, now(), 1, 'success', '{}', 'key', '{agent}', now()) returning id`,
    );
    const { id } = added.rows[0]!;
    await database.transaction((tx) =>
      appendChange(tx, 'duplicates', { open: 1, opened: [id], revised: 0, withdrawn: 0 }),
    );
    expect(await next(before, 'a Notify call')).toMatchObject({ title: 'A duplicate waits' });
    const screen = opsdeck.page.locator('nav').getByRole('button', { name: /^Duplicates/ });
    await service.click();
    await waitFor(
      async () => (await screen.getAttribute('aria-current')) === 'page',
      'the duplicates screen',
    );
  });

  it('the database going away is told while it is away, and its return; both are stored once it is back', async () => {
    const before = service.calls().length;
    await server.stop('immediate');
    expect(await next(before, 'a Notify call')).toMatchObject({ title: 'The database does not answer' });
    expect(local('select 1 from kept_events').length).toBe(1);
    await server.start();
    expect(await next(before + 1, 'the second')).toMatchObject({ title: 'The database answers again' });
    await waitFor(() => local('select 1 from kept_events').length === 0, 'the kept events to be sent');
    const stored = await server.onOffice<{ event_type: string }>(
      `select event_type from system_health_logs where incident like 'database-away:%' order by created_at, id`,
    );
    expect(stored.map((row) => row.event_type)).toEqual(['ERROR', 'INFO']);
  });

  it('a test can be sent from the settings', async () => {
    const before = service.calls().length;
    await opsdeck.page.locator('nav').getByRole('button', { name: 'Settings' }).click();
    // It stays for some seconds only, so it is waited for from the start.
    const said = opsdeck.page.getByText('The notification was shown.').waitFor();
    await opsdeck.page.getByRole('button', { name: 'Send a test notification' }).click();
    await said;
    expect(await next(before, 'a Notify call')).toMatchObject({ title: 'A test from Opsdeck' });
  });

  it('a service that accepts calls and never answers holds nothing up; the result says why', async () => {
    const delayOf = () =>
      opsdeck.app.evaluate(({ app: _app }) => {
        const { delay } = globalThis as unknown as { delay: { max: number } };
        return delay.max / 1e6;
      });
    await opsdeck.app.evaluate(async () => {
      const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
      const delay = monitorEventLoopDelay({ resolution: 10 });
      delay.enable();
      Object.assign(globalThis, { delay });
    });
    service.freeze();
    const { key } = await raise('CRITICAL', 'Nobody hears this', {
      kind: 'queue-fell-back',
      subject: 'another',
    });
    // Without what it was before, so that it is told in main's own words.
    const other = await raise('SWITCH', 'anna switched meanwhile', {
      ...{ kind: 'mode', to: 'sync_direct', actor: 'anna' },
    });
    await waitFor(() => resultOf(key) !== undefined && resultOf(other.key) !== undefined, 'both results');
    const held = await delayOf();
    // The work went on: what another program did meanwhile is on screen, while the service is still frozen.
    await opsdeck.page.locator('nav').getByRole('button', { name: 'Health' }).click();
    await opsdeck.page.getByText('anna switched meanwhile').first().waitFor();
    expect(whyOf(key)).toContain('does not answer');
    console.info(`Main thread with a frozen notification service: held ${Math.round(held)} ms at most`);
    // libnotify alone would wait for D-Bus's own limit, 25 s.
    expect(held).toBeLessThan(5_000);
    service.thaw();
    const before = service.calls().length;
    await raise('SWITCH', 'anna switched', { kind: 'mode', to: 'async_queue', actor: 'anna' });
    await next(before, 'a Notify call once the service answers');
  });

  it('a service that died is told as missing, and its successor is used', async () => {
    await service.kill();
    const { key } = await raise('SWITCH', 'anna switched', {
      kind: 'mode',
      to: 'sync_direct',
      actor: 'anna',
    });
    await waitFor(() => resultOf(key) === 'failed', 'its result');
    expect(whyOf(key)).toContain('no notification service');
    await service.restart();
    const before = service.calls().length;
    await raise('SWITCH', 'anna switched', { kind: 'mode', to: 'async_queue', actor: 'anna' });
    await next(before, 'a Notify call of the new service');
  });

  it('what happened while the console was closed is one summary at its next start', async () => {
    await opsdeck.close();
    const before = service.calls().length;
    await raise('CRITICAL', '12 of 30 deals would be removed', {
      kind: 'removals-held',
      count: 12,
      ofDeals: 30,
    });
    const { key } = await raise('SWITCH', 'anna switched', { kind: 'mode', to: 'async_queue' });
    opsdeck = await launch();
    const call = await next(before, 'a Notify call');
    expect(call).toMatchObject({ title: 'While Opsdeck was closed', critical: true });
    expect(call.body).toBe('Removals wait for a decision\nThe mode was switched');
    await waitFor(() => resultOf(key) === 'summarised', 'its result');
    expect(service.calls()).toHaveLength(before + 1);
  });
});
