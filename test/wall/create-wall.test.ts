import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { board } from '../../src/main/deals/answer-boards.ts';
import { state as syncState } from '../../src/main/deals/answer-sync.ts';
import { startOperations, type Operations } from '../../src/main/operations.ts';
import { readOfficeSettings } from '../../src/main/system/office-settings.ts';
import { createMemoryLedger, type PlingLedger } from '../../src/main/wall/pling-ledger.ts';
import { createWall, type KeptWall, type Wall } from '../../src/main/wall/create-wall.ts';
import type { Workspace } from '../../src/main/workspace.ts';
import { consoleDefaults, type ConsoleSettings } from '../../src/shared/contract/system.ts';
import { usualSlide } from '../../src/shared/contract/wall-plan.ts';
import type { WallEvent } from '../../src/shared/contract/wall.ts';
import { openPassOffice, silentLog, type PassOffice } from '../deals/pass-office.ts';
import { noPackages } from '../packages/no-packages.ts';
import { accountParts } from '../support/account-parts.ts';
import { createMeter } from '../../src/main/system/meter.ts';

const patience = { timeout: 25_000, interval: 20 };

describe('the wall of running operations', () => {
  let office: PassOffice & { close(): Promise<void> };
  let operations: Operations;
  let wall: Wall;
  let away = false;
  let started = true;
  let kept: KeptWall | null = null;
  let settings: ConsoleSettings;
  const listeners = new Set<() => void>();
  /** States of what was written down. */
  let recorded: string[] = [];
  const recordingLedger = (): PlingLedger => {
    const ledger = createMemoryLedger();
    return {
      ...ledger,
      record(name, deals, state, at) {
        recorded.push(...deals.map(() => state));
        ledger.record(name, deals, state, at);
      },
    };
  };

  beforeEach(async () => {
    recorded = [];
    away = false;
    started = true;
    kept = null;
    settings = consoleDefaults;
    office = await openPassOffice({ now: '2026-11-30T12:00:00Z' });
    office.vendor.state.addLead({ commission: '100' });
    operations = await begin();
    await vi.waitFor(() => expect(operations.today.today().deals).toBe(1), patience);
    // The passes of the start are over.
    await vi.waitFor(
      () =>
        expect(['deals', 'sms', 'agents'].some((source) => operations.running(source as 'deals'))).toBe(
          false,
        ),
      patience,
    );
    wall = createWall({
      clock: office.deps.clock,
      log: silentLog,
      settings: {
        get: () => settings,
        onChange: (listener) => {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
      operations: () => Promise.resolve(operations),
      running: () => (started ? operations : null),
      onStarted: () => () => {},
      onFailed: () => () => {},
      kept: () => kept,
      syncState,
      openLedger: recordingLedger,
      period: (period) => (away ? Promise.reject(new Error('away')) : board(operations, period)),
      waiting: () => Promise.resolve({ duplicates: 0, counted_at: '2026-11-30T12:00:00.000Z' }),
      fair: () => Promise.reject(new Error('not asked for')),
      hideLast: () => 0,
      media: () => ({}),
    });
  });
  afterEach(async () => {
    wall.close();
    await operations.close();
    await office.close();
  });

  async function begin(): Promise<Operations> {
    const { database } = office;
    const refuse = () => Promise.reject(new Error('Connection terminated unexpectedly'));
    const flaky: Workspace['database'] = {
      ...database,
      query: (sql, values) => (away ? refuse() : database.query(sql, values)),
      vital: { query: (sql, values) => (away ? refuse() : database.vital.query(sql, values)) },
      transaction: (work, given) => (away ? refuse() : database.transaction(work, given)),
    };
    const environment = {
      OPSDECK_ADVERSUS_URL: office.vendor.url,
      OPSDECK_ADVERSUS_USER: office.vendor.user,
    };
    const workspace: Workspace = {
      database: flaky,
      kind: 'team',
      databaseId: 'test',
      databaseLabel: 'test',
      processId: office.deps.processId,
      holder: 'test',
      passes: { ...office.deps, database: flaky },
      accounts: accountParts({ database: flaky, clock: office.deps.clock, processId: office.deps.processId }),
      meter: createMeter(() => 0),
      missingDirectory: ['OPSDECK_DIRECTORY_URL'],
      packages: noPackages({ ...office.deps, database: flaky }),
      budget: () => null,
      missing: () => [],
      settings: () => readOfficeSettings(flaky, environment),
      reviveDatabase: () => Promise.resolve(),
      environment,
      close: () => Promise.resolve(),
    };
    return startOperations({ workspace, log: silentLog });
  }

  /** Follows the wall's stream as its page does. */
  function follow() {
    const end = new AbortController();
    const events: WallEvent[] = [];
    const done = (async () => {
      for await (const event of wall.changes(end.signal)) events.push(event);
    })();
    const close = async () => {
      end.abort();
      await done;
    };
    return { events, close, types: () => events.map(({ type }) => type) };
  }

  it('answers today’s board from memory, and how far to believe it', async () => {
    expect(await wall.board()).toMatchObject({
      day: '2026-11-30',
      time_zone: 'Europe/Stockholm',
      totals: { deals: 1, commission: 100, sms: 0 },
      board: [{ deals: 1, commission: 100 }],
    });
    await vi.waitFor(async () => expect((await wall.state()).read_at).not.toBeNull(), patience);
    expect(await wall.state()).toMatchObject({ upstream: 'ok', database_away_since: null, led: true });
  });

  it('tells a deal that closes upstream once: the board at once, the celebration a moment later', async () => {
    const page = follow();
    await vi.waitFor(() => expect(page.types()[0]).toBe('all'), patience);
    office.vendor.state.addLead({ commission: '4500' });
    await operations.runForPerson({ source: 'deals', kind: 'window' });
    await vi.waitFor(() => expect(page.types()).toContain('board'), patience);
    await vi.waitFor(() => expect(page.types()).toContain('celebrate'), patience);
    expect(page.events.find(({ type }) => type === 'celebrate')).toMatchObject({
      celebration: { number: 1, kind: 'pling', count: 1, commission: 4_500, silent: false },
    });
    await page.close();
    // The page is loaded anew: nothing is told again.
    const again = follow();
    await office.deps.clock.sleep(2_500);
    expect(again.types()).not.toContain('celebrate');
    await again.close();
  });

  it('answers the last board while the database is away, and says since when', async () => {
    await vi.waitFor(async () => expect((await wall.state()).read_at).not.toBeNull(), patience);
    const page = follow();
    const before = await wall.state();
    away = true;
    await vi.waitFor(() => expect(operations.awaySince()).not.toBeNull(), patience);
    expect((await wall.board()).totals.deals).toBe(1);
    const state = await wall.state();
    expect(state.database_away_since).not.toBeNull();
    expect(state.read_at).toBe(before.read_at);
    expect(page.types()).toContain('state');
    await page.close();
  });

  it('answers what is kept from before while nothing runs, and what runs as soon as it does', async () => {
    started = false;
    const board = { ...(await wall.board()), day: '2026-11-29' };
    kept = {
      board,
      workspace: 'team',
      readAt: '2026-11-29T11:00:00.000Z',
      upstream: 'ok',
      deltaSeconds: 120,
      awaySince: '2026-11-30T11:00:00.000Z',
    };
    expect(await wall.board()).toEqual(board);
    expect(await wall.state()).toMatchObject({
      read_at: '2026-11-29T11:00:00.000Z',
      database_away_since: '2026-11-30T11:00:00.000Z',
      reading_on: false,
    });
    started = true;
    expect(await wall.board()).toMatchObject({ day: '2026-11-30' });
    expect(await wall.state()).toMatchObject({ database_away_since: null });
  });

  it('is silent in quiet hours of the office, and when muted', async () => {
    const page = follow();
    await vi.waitFor(() => expect(page.types()[0]).toBe('all'), patience);
    // Noon in London is one in Stockholm.
    settings = { ...settings, wallQuiet: { from: '13:00', to: '13:01' } };
    for (const listener of listeners) listener();
    await vi.waitFor(() => expect(page.types()).toContain('settings'), patience);
    office.vendor.state.addLead({ commission: '1' });
    await operations.runForPerson({ source: 'deals', kind: 'window' });
    await vi.waitFor(() => expect(page.types()).toContain('celebrate'), patience);
    expect(page.events.find(({ type }) => type === 'celebrate')).toMatchObject({
      celebration: { silent: true },
    });
    await page.close();
  });

  it('rehearses a pling on the pages that listen, and writes nothing down', async () => {
    expect(wall.rehearse()).toBe(false);
    const page = follow();
    await vi.waitFor(() => expect(page.types()[0]).toBe('all'), patience);
    expect(wall.rehearse()).toBe(true);
    await vi.waitFor(() => expect(page.types()).toContain('celebrate'), patience);
    const agent = operations.today.today().board[0]?.name;
    expect(page.events.find(({ type }) => type === 'celebrate')).toMatchObject({
      celebration: { kind: 'pling', rehearsal: true, volume: 70, deals: [{ agent }] },
    });
    expect(recorded.filter((state) => state !== 'seeded')).toEqual([]);
    await page.close();
  });

  it('answers the last known boards of a period, with when they were counted, while the database is away', async () => {
    await expect(wall.waiting()).resolves.toMatchObject({ duplicates: 0 });
    const before = await wall.period('week');
    expect(before.totals.deals).toBe(1);
    away = true;
    expect(await wall.period('week')).toEqual(before);
    await expect(wall.period('month')).rejects.toThrow('away');
  });

  it('has the slides of its display, and the volume of the hour', async () => {
    expect(wall.settings().slides.map(({ id }) => id)).toEqual(['today']);
    const display = { label: 'DELL U2720Q', x: 0, y: 0, width: 2560, height: 1440 };
    const slides = [{ ...usualSlide, id: 'dell' }];
    settings = { ...settings, wallDisplay: display, wallPlans: [{ display, slides }] };
    // Noon in London is one in Stockholm.
    settings = {
      ...settings,
      wallVolumeSteps: [
        { from: '13:00', volume: 25 },
        { from: '14:00', volume: 5 },
      ],
    };
    expect(wall.settings()).toMatchObject({ slides, volume: 25 });
  });

  it('plays a sound on trial only where a page listens', async () => {
    expect(wall.testSound()).toBe(false);
    const page = follow();
    await vi.waitFor(() => expect(page.types()[0]).toBe('all'), patience);
    expect(wall.testSound()).toBe(true);
    await page.close();
    expect(wall.testSound()).toBe(false);
  });
});
