import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startOperations, type Operations, type OperationsEvent } from '../../../src/main/operations.ts';
import { backUp, type BackupDeps } from '../../../src/main/system/backups/back-up.ts';
import { restore } from '../../../src/main/system/backups/restore.ts';
import { changeOfficeSettings, readOfficeSettings } from '../../../src/main/system/office-settings.ts';
import type { Workspace } from '../../../src/main/workspace.ts';
import { openPassOffice, silentLog, type PassOffice } from '../../deals/pass-office.ts';
import { noPackages } from '../../packages/no-packages.ts';
import { migrationsFolder } from '../../support/postgres.ts';
import { accountParts } from '../../support/account-parts.ts';
import { createMeter } from '../../../src/main/system/meter.ts';

const patience = { timeout: 25_000, interval: 20 };
const { signal } = new AbortController();

describe('a restore under running consoles', () => {
  let office: PassOffice & { close(): Promise<void> };
  let operations: Operations;
  let folder: string;
  const events: OperationsEvent[] = [];

  beforeEach(async () => {
    office = await openPassOffice({ now: '2026-11-16T11:00:00Z' });
    folder = await mkdtemp(join(tmpdir(), 'opsdeck-running-'));
    const { database, deps } = office;
    const workspace: Workspace = {
      ...{ database, kind: 'team', databaseLabel: 'test', processId: deps.processId, holder: 'test' },
      databaseId: 'test',
      passes: deps,
      accounts: accountParts({ database: database, clock: deps.clock, processId: deps.processId }),
      meter: createMeter(() => 0),
      missingDirectory: ['OPSDECK_DIRECTORY_URL'],
      packages: noPackages(deps),
      budget: () => null,
      // Not configured: nothing is read by schedule, so what is here is what was put here.
      missing: () => ['OPSDECK_ADVERSUS_URL'],
      settings: () => readOfficeSettings(database, {}),
      reviveDatabase: () => Promise.resolve(),
      environment: {},
      close: () => Promise.resolve(),
    };
    events.length = 0;
    operations = await startOperations({ workspace, log: silentLog });
    operations.subscribe((event) => events.push(event));
  });
  afterEach(async () => {
    await operations.close();
    await office.close();
    await rm(folder, { recursive: true, force: true });
  });

  const sell = (lead: string) =>
    office.database.query(
      `insert into deals (lead_id, user_id, commission, order_date, status, upstream_updated_at)
       values ($1, 1, 100, '2026-11-16T10:00:00Z', 'success', now())`,
      [lead],
    );

  it('reaches them at once: deals of today, settings, and everything that windows show', async () => {
    const { database, deps } = office;
    const parts = { clock: deps.clock, log: silentLog, folder, place: 'test', label: 'test' };
    const backupDeps: BackupDeps = { database, ...parts, sandbox: false, holder: 'test' };
    await sell('before');
    const { path } = await backUp(backupDeps, { kind: 'manual', path: null, actor: null, signal });
    await sell('after');
    await changeOfficeSettings(
      database,
      { brakeRows: 99 },
      { expectedVersion: 0, actor: 'anna', console: 'test', clock: deps.clock },
    );
    await operations.invalidate();
    await vi.waitFor(() => expect(operations.settings().brakeRows).toBe(99), patience);
    expect(operations.today.today().deals).toBe(2);

    const how = { path, actor: 'anna', yes: true, saveFirst: false, signal };
    const { epoch } = await restore({ ...backupDeps, migrationsFolder }, how);
    await vi.waitFor(() => expect(operations.today.today().deals).toBe(1), patience);
    await vi.waitFor(() => expect(operations.settings().brakeRows).toBe(20), patience);
    const told = events.flatMap((event) => (event.type === 'change' ? [event.change] : []));
    expect(told.at(-1)).toMatchObject({ kind: 'restored', data: { epoch } });
    expect(events.some((event) => event.type === 'reload')).toBe(true);
    // Who leads goes on leading: a lease is of the moment, not of the backup.
    await vi.waitFor(() => expect(operations.leader.isLeader()).toBe(true), patience);
    expect(operations.awaySince()).toBeNull();
  });
});
