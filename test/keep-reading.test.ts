import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Celebration } from '../src/shared/contract/wall.ts';
import { consoleDefaults } from '../src/shared/contract/system.ts';
import { systemClock } from '../src/main/clock.ts';
import { loadConfig } from '../src/main/config.ts';
import { state as syncState } from '../src/main/deals/answer-sync.ts';
import { withReading } from '../src/main/deals/spool/answer-reading.ts';
import { startOperations, type Operations } from '../src/main/operations.ts';
import { officeAgents } from '../src/main/sandbox/adversus/people.ts';
import type { Lead } from '../src/main/sandbox/adversus/records.ts';
import { startSandbox, type Sandbox } from '../src/main/sandbox/start-sandbox.ts';
import { shareDurableFile, type SharedDurableFile } from '../src/main/storage/durable-file.ts';
import type { BudgetState } from '../src/main/upstream/call-budget.ts';
import { createWall, type Wall } from '../src/main/wall/create-wall.ts';
import { openPlingLedger } from '../src/main/wall/open-ledger.ts';
import { openWorkspace, type Workspace } from '../src/main/workspace.ts';
import { silentLog } from './deals/pass-office.ts';
import { startControlledPostgres, type ControlledPostgres } from './faults/support/controlled-postgres.ts';

/* Two consoles on one server that is really stopped, each with a vendor of its own, so that its log tells who called. */

const patience = { timeout: 45_000, interval: 50 };

interface Console {
  vendor: Sandbox;
  durable: SharedDurableFile;
  workspace: Workspace;
  operations: Operations;
}

describe('while the database is away', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-reading-'));
  const clock = systemClock();
  const celebrated: Celebration[] = [];
  const listening = new AbortController();
  let server: ControlledPostgres;
  let leading: Console;
  let following: Console;
  let wall: Wall;
  let corrected: Lead;
  let moved: Lead;
  let left: BudgetState;

  async function open(name: string): Promise<Console> {
    const vendor = await startSandbox({ adversus: { office: 'empty', limits: 'off' } });
    const config = loadConfig({
      ...vendor.environment,
      OPSDECK_DATABASE_URL: server.url,
      OPSDECK_DATA_DIR: join(folder, name),
      OPSDECK_DELTA_SECONDS: '15',
    });
    const durable = shareDurableFile(join(folder, `${name}.sqlite`), {
      wall: () => clock.wall(),
      onDamage: () => {},
    });
    const workspace = await openWorkspace({ config, clock, log: silentLog, kind: 'console' });
    const operations = await startOperations({ workspace, log: silentLog, durable });
    return { vendor, durable, workspace, operations };
  }

  const today = (of: Console) => of.operations.today.today();
  const sold = () => new Date(Date.now() - 1_000);
  const stored = async (sql: string) =>
    Object.values((await server.onOffice<Record<string, unknown>>(sql))[0] ?? {})[0];

  beforeAll(async () => {
    server = await startControlledPostgres();
    leading = await open('leading');
    corrected = leading.vendor.adversus.state.addLead({
      agentId: officeAgents[1]!.id,
      commission: '100',
      orderDate: sold(),
      // The vendor's stamps have whole seconds: what moves within one is told from its content, by the database.
      updatedAt: Date.now() - 20_000,
    });
    moved = leading.vendor.adversus.state.addLead({
      agentId: officeAgents[2]!.id,
      commission: '200',
      orderDate: sold(),
      updatedAt: Date.now() - 20_000,
    });
    await vi.waitFor(() => expect(leading.operations.leader.isLeader()).toBe(true), patience);
    following = await open('following');
    await leading.operations.runForPerson({ source: 'deals', kind: 'delta' }).catch(() => {});
    await vi.waitFor(() => expect([today(leading).deals, today(following).deals]).toEqual([2, 2]), patience);
    wall = createWall({
      clock,
      log: silentLog,
      settings: { get: () => consoleDefaults, onChange: () => () => {} },
      operations: () => Promise.resolve(leading.operations),
      running: () => leading.operations,
      onStarted: () => () => {},
      onFailed: () => () => {},
      kept: () => null,
      syncState,
      openLedger: () => openPlingLedger(leading.durable),
      period: () => Promise.reject(new Error('no period is asked for here')),
      waiting: () => Promise.reject(new Error('nothing that waits is asked for here')),
      fair: () => Promise.reject(new Error('not asked for')),
      hideLast: () => 0,
      media: () => ({}),
    });
    void (async () => {
      for await (const event of wall.changes(listening.signal))
        if (event.type === 'celebrate') celebrated.push(event.celebration);
    })().catch(() => {});
    await vi.waitFor(
      () =>
        expect(
          ['deals', 'sms', 'agents'].map((source) => leading.operations.running(source as 'deals')),
        ).toEqual([null, null, null]),
      patience,
    );
    left = (await leading.workspace.budget(leading.operations.settings())!.state())!;
  }, 120_000);

  afterAll(async () => {
    listening.abort();
    wall?.close();
    for (const one of [leading, following]) {
      await one?.operations.close();
      await one?.workspace.close();
      await one?.vendor.close();
      one?.durable.close();
    }
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('the console that led reads on, shows what is new as not saved, and nothing that may be a duplicate', async () => {
    await server.stop('fast');
    await vi.waitFor(
      () =>
        expect([leading, following].map(({ operations }) => operations.awaySince() !== null)).toEqual([
          true,
          true,
        ]),
      patience,
    );
    const since = Math.max(
      0,
      ...[leading, following].map(({ vendor }) => vendor.adversus.log.last?.number ?? 0),
    );
    const { state } = leading.vendor.adversus;
    state.addLead({ agentId: officeAgents[3]!.id, commission: '4500', orderDate: sold() });
    state.patchLead(corrected.id, { commission: '150' });
    state.reassign(moved.id, officeAgents[4]!.id);

    await vi.waitFor(() => expect(today(leading).unsaved).toBe(2), patience);
    expect(today(leading)).toMatchObject({ deals: 3, commission: 100 + 50 + 200 + 4_500 });
    expect(today(leading).feed.filter((deal) => deal.unsaved)).toHaveLength(2);
    expect(today(leading).feed.find((deal) => deal.lead_id === String(moved.id))).toMatchObject({
      user_id: String(officeAgents[2]!.id),
    });
    expect(leading.operations.reading!.waiting()).toBe(3);
    expect(today(following)).toMatchObject({ deals: 2, unsaved: 0 });
    await vi.waitFor(
      () => expect(celebrated).toMatchObject([{ kind: 'pling', commission: 4_500 }]),
      patience,
    );
    expect(await wall.state()).toMatchObject({ reading_on: true });
    expect(await wall.board()).toMatchObject({ unsaved: 2, totals: { deals: 3 } });

    // Another turn of the same pace: what was read is read again, and is the same rows.
    const read = leading.operations.reading!.state()!.lastReadAt!;
    await vi.waitFor(
      () => expect(leading.operations.reading!.state()!.lastReadAt! > read).toBe(true),
      patience,
    );
    expect(leading.operations.reading!.waiting()).toBe(3);
    const calls = leading.vendor.adversus.log.count(({ number }) => number > since);
    expect(calls).toBeGreaterThan(1);
    expect(calls).toBeLessThanOrEqual(Math.floor(Math.min(left.leftHour, left.leftMinute) / 2));
    expect(following.vendor.adversus.log.count()).toBe(0);
    expect(following.operations.reading!.state()).toBeNull();
  });

  it('tells screens of its own calls and when it reads next', () => {
    const known = {
      upstream: {
        name: 'Adversus',
        configured: true,
        sandbox: false,
        state: 'unknown' as const,
        message: null,
        since: null,
      },
      budget: null,
      sources: [
        {
          source: 'deals' as const,
          last_complete_at: null,
          last_run: null,
          running: null,
          next_delta_at: null,
          next_window_at: null,
          stretched: false,
        },
      ],
      retry_queue_length: 0,
      reading_on: false,
    };
    const shown = withReading(known, leading.operations.reading);
    expect(shown).toMatchObject({ retry_queue_length: 3, reading_on: true, upstream: { state: 'ok' } });
    expect(shown.sources[0]!.last_complete_at).not.toBeNull();
    expect(shown.budget!.left_hour).toBeLessThanOrEqual(500);
  });

  it('once it is back everything is saved once, the duplicate waits for a person, and nothing plings again', async () => {
    await server.start();
    await vi.waitFor(() => expect(leading.operations.reading!.waiting()).toBe(0), patience);
    await vi.waitFor(
      () => expect([today(leading), today(following)]).toMatchObject([{ deals: 3 }, { deals: 3 }]),
      patience,
    );
    await vi.waitFor(() => expect(today(leading).unsaved).toBe(0), patience);
    expect(await stored('select count(*)::int from deals')).toBe(3);
    expect(await stored('select sum(commission)::int from deals')).toBe(150 + 200 + 4_500);
    expect(await stored(`select count(*)::int from pending_duplicates where status = 'pending'`)).toBe(1);
    // The shared count knows the calls that were made without it.
    const noted = `select count(*)::int from upstream_calls where started_at = finished_at`;
    await vi.waitFor(async () => expect(await stored(noted)).toBeGreaterThan(1), patience);
    // The next pass over the same range finds nothing to do.
    const runs = `select count(*)::int from sync_runs where source = 'deals' and state = 'complete'
                     and started_at > (select max(started_at) from sync_runs where note like '%database was away')`;
    await vi.waitFor(async () => expect(await stored(runs)).toBeGreaterThan(0), patience);
    expect(await stored('select count(*)::int from deals')).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(celebrated).toHaveLength(1);
  });
});
