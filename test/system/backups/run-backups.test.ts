import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../../src/main/clock.ts';
import { backUp } from '../../../src/main/system/backups/back-up.ts';
import {
  startBackups,
  type Backups,
  type BackupsOptions,
} from '../../../src/main/system/backups/run-backups.ts';
import { listHealthEvents } from '../../../src/main/system/health-events.ts';
import type { BackupProgress } from '../../../src/shared/contract/backups.ts';
import { silentLog } from '../../deals/pass-office.ts';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.ts';
import { fillOffice } from '../../storage/backup/filled-office.ts';

const patience = { timeout: 25_000, interval: 20 };

describe('the backups of a process', () => {
  let database: TestDatabase;
  let folder: string;
  let wall = 0;
  const open: Backups[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    folder = join(await mkdtemp(join(tmpdir(), 'opsdeck-backups-')), 'backups');
    wall = Date.parse('2026-11-22T10:00:00Z');
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((backups) => backups.close()));
    await database.drop();
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  /** Wall time stands where the test puts it; pauses are short. */
  const clock: Clock = {
    ...systemClock(),
    wall: () => wall,
    sleep: (ms, signal) => systemClock().sleep(Math.min(ms, 10), signal),
  };

  function deps(over: Partial<BackupsOptions> = {}): BackupsOptions {
    return {
      ...{ database, clock, log: silentLog, folder, place: 'here', label: 'test', sandbox: false },
      ...{
        holder: 'test',
        leads: () => true,
        settings: () => ({ timeZone: 'Europe/Stockholm', backupHour: 3 }),
      },
      ...over,
    };
  }

  function start(over: Partial<BackupsOptions> = {}) {
    const backups = startBackups(deps(over));
    open.push(backups);
    const told: BackupProgress[] = [];
    backups.subscribe((progress) => told.push(progress));
    return { backups, told, ends: () => told.filter((progress) => progress.stage === 'ended') };
  }

  const files = () => readdir(folder).catch(() => []);

  it('makes one a day where it leads, and none where it follows', async () => {
    const follower = start({ leads: () => false });
    const leader = start();
    await vi.waitFor(() => expect(leader.ends()).toHaveLength(1), patience);
    await clock.sleep(300);
    expect(leader.ends()).toHaveLength(1);
    wall += 17 * 3_600_000; // 04:00 of the next day
    await vi.waitFor(() => expect(leader.ends()).toHaveLength(2), patience);
    expect(follower.told).toEqual([]);
    expect(await files()).toEqual([
      'opsdeck-here-daily-2026-11-22T100000Z.backup',
      'opsdeck-here-daily-2026-11-23T030000Z.backup',
    ]);
    // Whoever leads next knows that today's is made.
    const next = start();
    await systemClock().sleep(200);
    expect(next.told).toEqual([]);
    expect((await next.backups.view()).latest_daily).toMatchObject({ at: '2026-11-23T03:00:00.000Z' });
    expect((await next.backups.view()).next_daily).toBe('2026-11-24T02:00:00.000Z');
  });

  it('keeps the seven latest of each kind, and leaves what belongs to others', async () => {
    await mkdir(folder);
    const others = ['opsdeck-there-manual-2020-01-01T000000Z.backup', 'opsdeck-here.backup', 'photo.jpg'];
    for (const name of others) await writeFile(join(folder, name), 'x');
    await writeFile(join(folder, 'opsdeck-here-manual-2026-11-22T100500Z.backup'), 'damaged');
    const signal = new AbortController().signal;
    for (let n = 0; n < 9; n++) {
      wall += 3_600_000;
      await backUp(deps(), { kind: 'manual', path: null, actor: 'anna', signal });
    }
    const mine = (await files()).filter((name) => name.startsWith('opsdeck-here-manual'));
    expect(mine).toEqual(
      Array.from({ length: 7 }, (_, n) => `opsdeck-here-manual-2026-11-22T${13 + n}0000Z.backup`),
    );
    expect(await files()).toEqual(expect.arrayContaining(others));
    const audited = await database.query(`select actor from audit_log where action = 'database.backup'`);
    expect(audited.rowCount).toBe(9);
  });

  it('raises an error once while the daily one fails, tries on, and says when it works again', async () => {
    await writeFile(folder, 'a file where the folder should be');
    const { ends } = start();
    const events = async () => (await listHealthEvents(database)).map(({ type }) => type);
    await vi.waitFor(() => expect(ends()).toHaveLength(1), patience);
    expect(ends()[0]).toMatchObject({ outcome: 'failed', message: expect.stringContaining('folder') });
    wall += 900_000;
    await vi.waitFor(() => expect(ends()).toHaveLength(2), patience);
    expect(await events()).toEqual(['ERROR']);
    await rm(folder);
    wall += 900_000;
    await vi.waitFor(() => expect(ends()).toHaveLength(3), patience);
    expect(ends()[2]).toMatchObject({ outcome: 'made' });
    expect(await events()).toEqual(['INFO', 'ERROR']);
  });

  it('makes one when asked, one at a time, and gives up when asked', async () => {
    await fillOffice(database, 20_000);
    const { backups, told, ends } = start({ leads: () => false });
    expect(backups.start('anna')).toBe(true);
    expect(backups.start('anna')).toBe(false);
    await vi.waitFor(() => expect(told.length).toBeGreaterThan(1), patience);
    expect(backups.cancel()).toBe(true);
    await vi.waitFor(() => expect(ends()).toHaveLength(1), patience);
    expect(ends()[0]).toMatchObject({ outcome: 'cancelled' });
    expect(await files()).toEqual([]);
    expect(backups.cancel()).toBe(false);

    expect(backups.start('anna')).toBe(true);
    await vi.waitFor(() => expect(ends()).toHaveLength(2), patience);
    const { backups: listed, running } = await backups.view();
    expect(listed).toMatchObject([{ kind: 'manual', rows: expect.any(Number) }]);
    expect(running).toBeNull();
  });
});
