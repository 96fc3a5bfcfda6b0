import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/main/clock.ts';
import { shareDurableFile } from '../../src/main/storage/durable-file.ts';
import { openDatabase, type Database } from '../../src/main/storage/postgres.ts';
import { listHealthEvents, writeKeptEvents } from '../../src/main/system/health-events.ts';
import { createHealthLog, type HealthLog, type HealthLogParts } from '../../src/main/system/health-log.ts';
import { listKeptEvents, salvageKeptEvents } from '../../src/main/system/kept-events-store.ts';
import { silentLog } from '../deals/pass-office.ts';
import { startControlledPostgres } from '../faults/support/controlled-postgres.ts';
import { faulty, type Fault } from '../outbox/outbox-office.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

const patience = { timeout: 30_000, interval: 20 };
let database: TestDatabase;
const open: HealthLog[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.query('truncate system_health_logs'));
afterEach(() => Promise.all(open.splice(0).map((log) => log.close())));

function openHealthLog(
  target: () => Database | null,
  path = join(mkdtempSync(join(tmpdir(), 'opsdeck-health-')), 'durable.sqlite'),
  clock: HealthLogParts['clock'] = systemClock(),
) {
  const durable = shareDurableFile(path, { wall: () => Date.now(), onDamage: () => {} });
  const health = createHealthLog({ durable, clock, log: silentLog, random: () => 1, target });
  open.push(health);
  return { health, durable, path };
}

const stored = async (from: Database = database) =>
  (await listHealthEvents(from, { limit: 1_000 })).map(({ message }) => message).toReversed();

describe('what is raised while the database is away', () => {
  it('is on disk at once, and in the database once and in order when it is back', async () => {
    let target: Database | null = null;
    const { health, path } = openHealthLog(() => target);
    const told: string[] = [];
    health.onRaised(({ message }) => told.push(message));
    for (const message of ['one', 'two', 'three']) health.raise('ERROR', message, { kind: 'other' });
    expect(told).toEqual(['one', 'two', 'three']);
    await open.splice(0)[0]!.close();
    expect(await stored()).toEqual([]);
    // Another start of the program.
    const again = openHealthLog(() => target, path);
    expect(again.health.waiting().map(({ message }) => message)).toEqual(['one', 'two', 'three']);
    target = database;
    again.health.raise('INFO', 'four');
    await expect.poll(() => stored(), patience).toEqual(['one', 'two', 'three', 'four']);
    await vi.waitFor(() => expect(again.health.waiting()).toEqual([]), patience);
  });

  it('keeps the time at which it happened', async () => {
    const clock = { ...systemClock(), wall: () => Date.parse('2026-11-16T11:00:00Z') };
    const { health } = openHealthLog(() => database, undefined, clock);
    const key = health.raise('WARNING', 'then');
    await expect
      .poll(() => listHealthEvents(database), patience)
      .toMatchObject([{ key, createdAt: new Date('2026-11-16T11:00:00Z'), type: 'WARNING' }]);
  });

  it('is written once whatever becomes of each answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<Fault>('none', 'lost', 'rollback', 'away'), { maxLength: 12 }),
        fc.integer({ min: 1, max: 8 }),
        async (faults, count) => {
          await database.query('truncate system_health_logs');
          const through = faulty(database, [...faults]);
          const quick = { ...systemClock(), sleep: () => Promise.resolve() };
          const { health } = openHealthLog(() => through, undefined, {
            ...quick,
            sleep: (_ms, signal) => systemClock().sleep(1, signal),
          });
          const messages = Array.from({ length: count }, (_, i) => `event ${i}`);
          for (const message of messages) health.raise('ERROR', message);
          await vi.waitFor(() => expect(health.waiting()).toEqual([]), patience);
          expect(await stored()).toEqual(messages);
          await open.splice(0)[0]!.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('would be doubled without the key that the database enforces', async () => {
    const event = { type: 'ERROR' as const, message: 'once', metadata: {}, at: new Date() };
    const kept = { ...event, key: '00000000-0000-4000-8000-00000000000a' };
    expect([await writeKeptEvents(database, [kept]), await writeKeptEvents(database, [kept])]).toEqual([
      1, 0,
    ]);
    // A sender that gave each try a key of its own.
    await writeKeptEvents(database, [{ ...event, key: '00000000-0000-4000-8000-00000000000b' }]);
    expect(await stored()).toEqual(['once', 'once']);
  });

  it('goes on past one that is damaged on disk, or that the database refuses', async () => {
    let target: Database | null = null;
    const { health, durable } = openHealthLog(() => target, undefined, {
      ...systemClock(),
      sleep: (_ms, signal) => systemClock().sleep(1, signal),
    });
    for (const message of ['good', 'damaged', 'bad', 'last'])
      health.raise('INFO', message, message === 'bad' ? { text: 'a NUL \u0000 in it' } : {});
    durable
      .open()
      .prepare(
        `update kept_events set payload = replace(payload, 'damaged', 'damage~') where payload like '%damaged%'`,
      )
      .run();
    target = database;
    health.wake();
    await expect.poll(() => stored(), patience).toEqual(['good', 'last']);
    await vi.waitFor(() => expect(listKeptEvents(durable.open(), 10)).toEqual([]), patience);
  });

  it('is told and sent from memory where the disk takes nothing', async () => {
    const { health } = openHealthLog(() => database, '/proc/nowhere/durable.sqlite');
    const told: string[] = [];
    health.onRaised(({ message }) => told.push(message));
    health.raise('CRITICAL', 'no disk');
    expect(told).toEqual(['no disk']);
    await expect.poll(() => stored(), patience).toEqual(['no disk']);
  });

  it('is saved out of a damaged file', () => {
    const from = openHealthLog(() => null);
    const into = openHealthLog(() => null);
    for (const message of ['one', 'two']) from.health.raise('INFO', message);
    from.durable.open().prepare(`update kept_events set checksum = 'x' where payload like '%one%'`).run();
    expect(salvageKeptEvents(from.durable.open(), into.durable.open())).toBe(1);
    expect(into.health.waiting().map(({ message }) => message)).toEqual(['two']);
  });
});

it('a real server that stops loses no event and doubles none', async () => {
  const server = await startControlledPostgres();
  const office = openDatabase({ url: server.url, applicationName: 'test' });
  try {
    const { health } = openHealthLog(() => office);
    const messages: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (let n = 0; n < 20; n += 1) {
        messages.push(`round ${round} event ${n}`);
        health.raise('ERROR', messages.at(-1)!);
        if (n === 5) await server.stop(round === 1 ? 'kill' : 'immediate');
        if (n === 15) await server.start();
      }
    }
    await server.untilAnswering();
    await vi.waitFor(() => expect(health.waiting()).toEqual([]), patience);
    expect(await stored(office)).toEqual(messages);
    await open.splice(0)[0]!.close();
  } finally {
    await office.close();
    await server.close();
  }
});
