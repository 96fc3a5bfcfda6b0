import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { systemClock } from '../src/main/clock.ts';
import { loadConfig } from '../src/main/config.ts';
import { startOperations, type Operations } from '../src/main/operations.ts';
import { officeAgents } from '../src/main/sandbox/adversus/people.ts';
import { startSandbox, type Sandbox } from '../src/main/sandbox/start-sandbox.ts';
import { shareDurableFile, type SharedDurableFile } from '../src/main/storage/durable-file.ts';
import { openWorkspace, type Workspace } from '../src/main/workspace.ts';
import { silentLog } from './deals/pass-office.ts';
import { startControlledPostgres, type ControlledPostgres } from './faults/support/controlled-postgres.ts';
import { startTcpProxy, type TcpProxy } from './faults/support/tcp-proxy.ts';

/* Two consoles and one vendor: the one that leads is cut off from the database alone, reads on, and another leads meanwhile. */

const patience = { timeout: 60_000, interval: 50 };
const folder = mkdtempSync(join(tmpdir(), 'opsdeck-partition-'));
const clock = systemClock();

interface Console {
  way: TcpProxy;
  durable: SharedDurableFile;
  workspace: Workspace;
  operations: Operations;
}

let server: ControlledPostgres;
let vendor: Sandbox;
let cutOff: Console;
let other: Console;

async function open(name: string): Promise<Console> {
  const way = await startTcpProxy(server.port);
  const config = loadConfig({
    ...vendor.environment,
    OPSDECK_DATABASE_URL: way.through(server.url),
    OPSDECK_DATA_DIR: join(folder, name),
    OPSDECK_DELTA_SECONDS: '15',
  });
  const durable = shareDurableFile(join(folder, `${name}.sqlite`), {
    wall: () => clock.wall(),
    onDamage: () => {},
  });
  const workspace = await openWorkspace({ config, clock, log: silentLog, kind: 'console' });
  const operations = await startOperations({ workspace, log: silentLog, durable });
  return { way, durable, workspace, operations };
}

beforeAll(async () => {
  server = await startControlledPostgres();
  vendor = await startSandbox({ adversus: { office: 'empty', limits: 'off' } });
  sell(1, '100');
  cutOff = await open('cut-off');
  await vi.waitFor(() => expect(cutOff.operations.leader.isLeader()).toBe(true), patience);
  other = await open('other');
  await vi.waitFor(
    () => expect([cutOff, other].map(({ operations }) => operations.today.today().deals)).toEqual([1, 1]),
    patience,
  );
}, 120_000);

afterAll(async () => {
  for (const one of [cutOff, other]) {
    await one?.operations.close();
    await one?.workspace.close();
    one?.durable.close();
    await one?.way.close();
  }
  await vendor?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

function sell(agent: number, commission: string) {
  return vendor.adversus.state.addLead({
    agentId: officeAgents[agent]!.id,
    commission,
    orderDate: new Date(Date.now() - 1_000),
    // The vendor's stamps have whole seconds: what moves within one is told from its content, by the database.
    updatedAt: Date.now() - 5_000,
  });
}

const stored = () =>
  server.onOffice<{ lead_id: string; commission: number }>(
    'select lead_id, commission::float8 as commission from deals order by lead_id',
  );

it('what both sides of a partition read is there once, as the vendor has it, and nothing of it is a case', async () => {
  cutOff.way.refuse();
  const both = sell(2, '200');
  await vi.waitFor(() => expect(cutOff.operations.today.today().unsaved).toBe(1), patience);
  await vi.waitFor(async () => expect(await stored()).toHaveLength(2), patience);
  expect(other.operations.leader.isLeader()).toBe(true);
  await vi.waitFor(
    () => expect(other.operations.today.today()).toMatchObject({ deals: 2, unsaved: 0, commission: 300 }),
    patience,
  );

  // Corrected while both read it, and another one sold.
  vendor.adversus.state.patchLead(both.id, { commission: '250' });
  sell(3, '300');
  const whole = { deals: 3, commission: 650 };
  await vi.waitFor(() => expect(cutOff.operations.today.today()).toMatchObject(whole), patience);
  await vi.waitFor(() => expect(other.operations.today.today()).toMatchObject(whole), patience);
  expect(cutOff.operations.reading!.waiting()).toBeGreaterThan(0);

  cutOff.way.heal();
  await vi.waitFor(() => expect(cutOff.operations.reading!.waiting()).toBe(0), patience);
  await vi.waitFor(
    () => expect(cutOff.operations.today.today()).toMatchObject({ ...whole, unsaved: 0 }),
    patience,
  );
  expect((await stored()).map(({ commission }) => commission)).toEqual([100, 250, 300]);
  expect(await server.onOffice('select 1 from pending_duplicates')).toHaveLength(0);
  expect(other.operations.today.today()).toMatchObject({ ...whole, unsaved: 0 });
  expect([cutOff, other].filter(({ operations }) => operations.leader.isLeader())).toHaveLength(1);
}, 180_000);
