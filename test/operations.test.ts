import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startOperations, type Operations, type OperationsEvent } from '../src/main/operations.ts';
import { changeOfficeSettings, readOfficeSettings } from '../src/main/system/office-settings.ts';
import { storeSwitches } from '../src/main/system/schedules-store.ts';
import type { Workspace } from '../src/main/workspace.ts';
import { openPassOffice, silentLog, type PassOffice } from './deals/pass-office.ts';
import { noPackages } from './packages/no-packages.ts';
import { accountParts } from './support/account-parts.ts';
import { createMeter } from '../src/main/system/meter.ts';

/** Beyond anything the machine's load may add. */
const patience = { timeout: 25_000, interval: 20 };

describe('running operations', () => {
  let office: PassOffice & { close(): Promise<void> };
  let open: Operations[] = [];

  beforeEach(async () => {
    office = await openPassOffice({ now: '2026-11-30T22:59:00Z' });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((operations) => operations.close()));
    await office.close();
  });

  /** `flaky` may make the database fail as if it were away. */
  async function begin(options: { processId?: string; isAway?: () => boolean } = {}) {
    const { database } = office;
    const isAway = options.isAway ?? (() => false);
    const refuse = () => Promise.reject(new Error('Connection terminated unexpectedly'));
    const flaky: Workspace['database'] = {
      ...database,
      query: (sql, values) => (isAway() ? refuse() : database.query(sql, values)),
      vital: { query: (sql, values) => (isAway() ? refuse() : database.vital.query(sql, values)) },
      transaction: (work, given) => (isAway() ? refuse() : database.transaction(work, given)),
    };
    const processId = options.processId ?? office.deps.processId;
    const environment = {
      OPSDECK_ADVERSUS_URL: office.vendor.url,
      OPSDECK_ADVERSUS_USER: office.vendor.user,
    };
    const workspace: Workspace = {
      database: flaky,
      kind: 'team',
      databaseId: 'test',
      databaseLabel: 'test',
      processId,
      holder: `test ${processId.slice(-1)}`,
      passes: { ...office.deps, database: flaky, processId },
      accounts: accountParts({ database: flaky, clock: office.deps.clock, processId: processId }),
      meter: createMeter(() => 0),
      missingDirectory: ['OPSDECK_DIRECTORY_URL'],
      packages: noPackages({ ...office.deps, database: flaky, processId }),
      budget: () => null,
      missing: () => [],
      settings: () => readOfficeSettings(flaky, environment),
      reviveDatabase: () => Promise.resolve(),
      environment,
      close: () => Promise.resolve(),
    };
    const operations = await startOperations({ workspace, log: silentLog });
    open.push(operations);
    const events: OperationsEvent[] = [];
    operations.subscribe((event) => events.push(event));
    return { operations, events };
  }

  const runs = () =>
    office.rows<{ source: string; kind: string; state: string; trigger: string; process_id: string }>(
      'select source, kind, state, trigger, process_id from sync_runs order by id',
    );

  /** Waits until the passes of the start are over and their permits given back. */
  const quiet = () =>
    vi.waitFor(async () => {
      expect((await runs()).filter((run) => run.state === 'complete')).toHaveLength(3);
      expect(await office.one('select count(token)::int from sync_permits')).toBe(0);
    }, patience);

  it('leads alone, reads the upstream by itself and has the new deals in memory', async () => {
    office.vendor.state.addLead({ commission: '100' });
    const { operations } = await begin();
    await vi.waitFor(
      () => expect(operations.today.today()).toMatchObject({ deals: 1, commission: 100 }),
      patience,
    );
    expect(operations.leader.isLeader()).toBe(true);
    expect((await runs())[0]).toMatchObject({ trigger: 'schedule' });
  });

  it('lets only the leader call by schedule; a restart does not repeat what was just done', async () => {
    const first = await begin();
    await quiet();
    const second = await begin({ processId: '00000000-0000-4000-8000-000000000002' });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(second.operations.leader.isLeader()).toBe(false);
    open = open.filter((operations) => operations !== first.operations);
    await first.operations.close();
    await vi.waitFor(() => expect(second.operations.leader.isLeader()).toBe(true), patience);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await runs()).toHaveLength(3);
  });

  it('lets a person read on a console that does not lead, and does not stop that when the leader changes', async () => {
    const first = await begin();
    await quiet();
    const second = await begin({ processId: '00000000-0000-4000-8000-000000000002' });
    office.vendor.state.addLead();
    office.vendor.faults.add({ path: '/leads', times: 1, do: { kind: 'delay', ms: 300 } });
    const pass = second.operations.runForPerson({ source: 'deals', kind: 'window' });
    await vi.waitFor(() => expect(second.operations.running('deals')).not.toBeNull(), patience);
    open = open.filter((operations) => operations !== first.operations);
    await first.operations.close();
    await expect(pass).resolves.toMatchObject({ inserted: 1 });
    await expect(second.operations.runForPerson({ source: 'deals', kind: 'window' })).resolves.toMatchObject({
      unchanged: 1,
    });
  });

  it('ends what the schedule began once another process stops everything, and goes on when that is over', async () => {
    office.vendor.faults.add({ path: '/leads', times: 1, do: { kind: 'delay', ms: 20_000 } });
    const { operations } = await begin();
    await vi.waitFor(() => expect(operations.running('deals')).not.toBeNull(), patience);
    const by = { actor: 'anna', console: 'another', at: new Date() };
    await storeSwitches(office.database, { kind: 'stop-all' }, by);
    await vi.waitFor(() => expect(operations.running('deals')).toBeNull(), patience);
    expect((await runs()).find(({ source }) => source === 'deals')).toMatchObject({ state: 'cancelled' });
    expect(operations.schedule.nextStart('deals', 'window')).toBeNull();
    await storeSwitches(office.database, { kind: 'resume', job: null }, by);
    await vi.waitFor(() => expect(operations.schedule.nextStart('deals', 'window')).not.toBeNull(), patience);
  });

  it('counts the boards anew in the days of the office, when it begins to lead and when the zone is set', async () => {
    await office.database.query(`select rebuild_boards('Asia/Kathmandu')`);
    const { operations } = await begin();
    const zone = () => office.one<string>('select zone from board_zone');
    await vi.waitFor(async () => expect(await zone()).toBe('Europe/Stockholm'), patience);
    await changeOfficeSettings(
      office.database,
      { timeZone: 'America/New_York' },
      { expectedVersion: 0, actor: 'anna', console: 'test', clock: office.clock },
    );
    await vi.waitFor(async () => expect(await zone()).toBe('America/New_York'), patience);
    expect(operations.settings().timeZone).toBe('America/New_York');
  });

  it('shows a new, empty day at midnight', async () => {
    office.vendor.state.addLead({ commission: '100' });
    const { operations, events } = await begin();
    await vi.waitFor(
      () => expect(operations.today.today()).toMatchObject({ day: '2026-11-30', deals: 1 }),
      patience,
    );
    office.clock.set('2026-11-30T23:00:00Z');
    await vi.waitFor(() => expect(events).toContainEqual({ type: 'day', day: '2026-12-01' }), patience);
    expect(operations.today.today()).toMatchObject({ day: '2026-12-01', deals: 0, board: [] });
  });

  it('says that the database is away, and makes up for what it missed', async () => {
    office.vendor.state.addLead({ commission: '100' });
    let isAway = false;
    const { operations, events } = await begin({ isAway: () => isAway });
    await vi.waitFor(() => expect(operations.today.today().deals).toBe(1), patience);
    await quiet();
    isAway = true;
    await office.run('deals', 'window');
    await vi.waitFor(() => expect(operations.awaySince()).not.toBeNull(), patience);
    expect(events).toContainEqual({ type: 'status' });
    // Last known data stay.
    expect(operations.today.today().deals).toBe(1);
    await expect(operations.waiting()).rejects.toThrow();
    office.vendor.state.addLead({ commission: '50' });
    await office.run('deals', 'window');
    isAway = false;
    await vi.waitFor(() => expect(operations.awaySince()).toBeNull(), patience);
    await vi.waitFor(
      () => expect(operations.today.today()).toMatchObject({ deals: 2, commission: 150 }),
      patience,
    );
    expect(await operations.waiting()).toBe(0);
  });

  it('cancels a pass on request and leaves nothing of it', async () => {
    const { operations } = await begin();
    await quiet();
    office.vendor.state.addLead();
    office.vendor.faults.add({ path: '/leads', do: { kind: 'delay', ms: 350 } });
    const pass = operations.runForPerson({ source: 'deals', kind: 'window' });
    await vi.waitFor(() => expect(operations.running('deals')?.stage).toBe('reading'), patience);
    expect(operations.cancel('deals')).toBe(true);
    await expect(pass).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await office.deals()).toEqual([]);
    expect(operations.running('deals')).toBeNull();
    expect(operations.cancel('deals')).toBe(false);
  });
});
