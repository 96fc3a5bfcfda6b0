import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../src/main/alerts/alert-event.ts';
import { openAlertLedger } from '../../src/main/alerts/alert-ledger-store.ts';
import { createAlerts, type Alerts, type Shown } from '../../src/main/alerts/raise-alert.ts';
import { systemClock } from '../../src/main/clock.ts';
import type { OperationsEvent } from '../../src/main/operations.ts';
import { shareDurableFile } from '../../src/main/storage/durable-file.ts';
import { appendChange, currentSeq, followChanges, type Follower } from '../../src/main/system/change-log.ts';
import { listHealthEvents, raiseHealthEvent, writeKeptEvents } from '../../src/main/system/health-events.ts';
import { consoleDefaults, type ConsoleSettings } from '../../src/shared/contract/system.ts';
import { silentLog } from '../deals/pass-office.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const patience = { timeout: 30_000, interval: 20 };
const clock = systemClock();
let database: TestDatabase;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await database.query('truncate system_health_logs');
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const newFile = () => join(mkdtempSync(join(tmpdir(), 'opsdeck-alerts-')), 'durable.sqlite');

/** One console that notifies: real Postgres and change log, a real durable file, a list for the screen. */
async function openConsole(
  options: {
    path?: string;
    settings?: Partial<ConsoleSettings>;
    show?: () => Promise<Shown>;
    cases?: number[];
  } = {},
) {
  const { path = newFile(), cases = [] } = options;
  const durable = shareDurableFile(path, { wall: () => Date.now(), onDamage: () => {} });
  const shown: Notice[] = [];
  const settings = { ...consoleDefaults, ...options.settings };
  const alerts: Alerts = createAlerts({
    clock,
    log: silentLog,
    settings: { get: () => settings },
    language: () => 'en',
    ledger: () => openAlertLedger(durable.open()),
    show(notice) {
      shown.push(notice);
      return options.show?.() ?? Promise.resolve({ shown: true });
    },
  });
  const listeners = new Set<(event: OperationsEvent) => void>();
  let follower: Follower | null = null;
  const follow = async () => {
    follower = followChanges({
      database,
      clock,
      after: await currentSeq(database),
      onChanges(changes) {
        for (const change of changes) for (const tell of listeners) tell({ type: 'change', change });
      },
    });
    alerts.follow({
      databaseId: 'db',
      database,
      timeZone: () => 'Europe/Stockholm',
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      openCases: () => Promise.resolve(cases),
    });
    await expect.poll(() => openAlertLedger(durable.open()).place('db'), patience).not.toBeNull();
  };
  const close = async () => {
    await alerts.close();
    await follower?.close();
    durable.close();
  };
  ends.push(close);
  const outcomes = async () => {
    const events = await listHealthEvents(database, { limit: 2_000 });
    const known = alerts.outcomes(events.map(({ key }) => key));
    return events.toReversed().flatMap(({ key }) => {
      const outcome = known.get(key);
      return outcome ? [outcome.why ?? outcome.result] : [];
    });
  };
  return { alerts, shown, follow, close, outcomes, path, settings };
}

describe('a console', () => {
  it('tells of an event in the database once, on every console, and stores what became of it', async () => {
    const consoles = await Promise.all([openConsole(), openConsole({ settings: { alertsPaused: true } })]);
    for (const one of consoles) await one.follow();
    await raiseHealthEvent(database, 'CRITICAL', 'queue', { kind: 'queue-fell-back' });
    await raiseHealthEvent(database, 'WARNING', 'late', { kind: 'sync-stalled', subject: 'deals' });
    await raiseHealthEvent(database, 'INFO', 'of no kind');
    const [first, paused] = consoles;
    await expect.poll(first.outcomes, patience).toEqual(['shown', 'shown']);
    await expect.poll(paused.outcomes, patience).toEqual(['shown', 'paused']);
    expect(first.shown.some(({ critical }) => critical)).toBe(true);
    expect(paused.shown).toMatchObject([{ title: 'The queue does not answer', target: { screen: 'tasks' } }]);
  });

  it('tells of its own events at once though there is no database, and not again when they come back from it', async () => {
    const one = await openConsole();
    const event = {
      key: '00000000-0000-4000-8000-000000000001',
      type: 'ERROR' as const,
      message: 'away',
      metadata: { kind: 'database-away', subject: 'here' },
      at: new Date(),
    };
    one.alerts.raised(event);
    await expect
      .poll(() => one.shown.map(({ title }) => title), patience)
      .toEqual(['The database does not answer']);
    expect(one.alerts.isOpen('database-away:here')).toBe(true);
    await one.follow();
    await writeKeptEvents(database, [event]);
    await raiseHealthEvent(database, 'CRITICAL', 'after it', { kind: 'queue-fell-back' });
    await expect.poll(one.outcomes, patience).toEqual(['shown', 'shown']);
    expect(one.shown).toHaveLength(2);
  });

  it('summarises at its start what happened while it was closed, once', async () => {
    const before = await openConsole();
    await before.follow();
    await before.close();
    await raiseHealthEvent(database, 'SWITCH', 'switched', { kind: 'mode', to: 'sync_direct' });
    await raiseHealthEvent(database, 'CRITICAL', 'held', { kind: 'removals-held' });
    const after = await openConsole({ path: before.path, cases: [7, 8] });
    await after.follow();
    await expect
      .poll(() => after.shown.map(({ title }) => title), patience)
      .toEqual(['While Opsdeck was closed']);
    expect(after.shown[0]!.body).toBe(
      'Removals wait for a decision\nThe mode was switched\n2 duplicates wait',
    );
    await expect.poll(after.outcomes, patience).toEqual(['summarised', 'summarised']);
    await after.close();
    const again = await openConsole({ path: before.path, cases: [7, 8] });
    await again.follow();
    await raiseHealthEvent(database, 'CRITICAL', 'new', { kind: 'queue-fell-back' });
    // Whether it came before or after the look back, it is told alone.
    await expect.poll(() => again.shown.length, patience).toBe(1);
    expect(Object.values(again.shown[0]!).join()).not.toMatch(/duplicate|mode|Removals/);
  });

  it('says nothing of the past at its first look at a database', async () => {
    await raiseHealthEvent(database, 'CRITICAL', 'long ago');
    const one = await openConsole();
    await one.follow();
    await raiseHealthEvent(database, 'CRITICAL', 'now');
    await expect.poll(() => one.shown.map(({ body }) => body), patience).toEqual(['now']);
  });

  it('makes one notification of a thousand events in a second', async () => {
    const one = await openConsole();
    await one.follow();
    // As a thousand calls of raiseHealthEvent would, without their round trips.
    await database.query(
      `with counted as (update change_counter set seq = seq + 1000 where id = 1 returning seq),
            added as (insert into system_health_logs (event_type, message)
                      select 'CRITICAL', 'flood ' || n from generate_series(1, 1000) n returning id),
            told as (insert into change_log (seq, kind, data)
                     select seq - 1000 + row_number() over (order by id), 'health',
                            jsonb_build_object('id', id, 'type', 'CRITICAL') from added, counted returning seq)
       select pg_notify('opsdeck_changes', max(seq)::text) from told`,
    );
    await expect.poll(async () => (await one.outcomes()).length, patience).toBe(1_000);
    expect(one.shown).toHaveLength(1);
  });

  it('tells of new cases by their number, and of further ones when the queue was empty in between', async () => {
    const one = await openConsole();
    await one.follow();
    const opened = (ids: number[], open: number) =>
      database.transaction((tx) =>
        appendChange(tx, 'duplicates', { open, opened: ids, revised: 0, withdrawn: 0 }),
      );
    await opened([41], 1);
    await expect
      .poll(() => one.shown.map(({ target }) => target), patience)
      .toEqual([{ screen: 'duplicates', id: 41 }]);
    await opened([42, 43], 3);
    await opened([], 0);
    await opened([44, 45], 2);
    await expect
      .poll(() => one.shown.map(({ title }) => title), patience)
      .toEqual(['A duplicate waits', '2 duplicates wait']);
    const known = one.alerts.outcomes(['duplicate:db:41', 'duplicate:db:42', 'duplicate:db:44']);
    expect([...known.values()].map(({ result }) => result)).toEqual(['shown', 'joined', 'shown']);
  });

  it('goes on when the system shows nothing, or the disk takes nothing', async () => {
    const refusing = await openConsole({ show: () => Promise.reject(new Error('no service on the bus')) });
    await refusing.follow();
    await raiseHealthEvent(database, 'CRITICAL', 'one');
    await expect.poll(refusing.outcomes, patience).toEqual(['Error: no service on the bus']);
    const [event] = await listHealthEvents(database);
    expect(refusing.alerts.outcomes([event!.key]).get(event!.key)?.result).toBe('failed');
    await raiseHealthEvent(database, 'CRITICAL', 'two');
    await expect.poll(() => refusing.shown.length, patience).toBe(2);

    const diskless = await openConsole({ path: '/proc/nowhere/durable.sqlite' });
    diskless.alerts.raised({ key: 'k', type: 'CRITICAL', message: 'no disk', metadata: {}, at: new Date() });
    await expect.poll(() => diskless.shown.length, patience).toBe(1);
    expect(diskless.alerts.outcomes(['k']).get('k')).toEqual({ result: 'shown', why: null });
  });
});
