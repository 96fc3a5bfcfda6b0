import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { officeDefaults } from '../src/shared/contract/settings.ts';
import { systemClock } from '../src/main/clock.ts';
import { loadConfig } from '../src/main/config.ts';
import { openWorkspace, type Workspace } from '../src/main/workspace.ts';
import { silentLog } from './deals/pass-office.ts';
import { createTestDatabase, type TestDatabase } from './support/postgres.ts';

describe('a workspace', () => {
  let database: TestDatabase;
  let open: Workspace[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((workspace) => workspace.close()));
    await database.query('truncate deals, system_config cascade');
  });
  afterAll(() => database.drop());

  async function begin(environment: Record<string, string> = {}) {
    const config = loadConfig({
      OPSDECK_DATABASE_URL: database.url,
      OPSDECK_DATA_DIR: mkdtempSync(join(tmpdir(), 'opsdeck-workspace-')),
      ...environment,
    });
    const workspace = await openWorkspace({ config, clock: systemClock(), log: silentLog, kind: 'cli' });
    open.push(workspace);
    return workspace;
  }

  const processes = async () => (await database.query('select id, kind, pid from processes')).rows;

  it('is on the list of processes while it is open, and off it after', async () => {
    const workspace = await begin();
    expect(workspace.kind).toBe('team');
    expect(await processes()).toEqual([{ id: workspace.processId, kind: 'cli', pid: process.pid }]);
    open = [];
    await workspace.close();
    expect(await processes()).toEqual([]);
  });

  it('names the database without user and password', async () => {
    const url = new URL(database.url);
    url.username = 'postgres';
    url.password = 'hemligt';
    const workspace = await begin({ OPSDECK_DATABASE_URL: url.href });
    expect(workspace.databaseLabel).not.toMatch(/hemligt|postgres@/);
    expect(workspace.databaseLabel).toContain(url.pathname);
  });

  it('says what is missing of the upstream', async () => {
    const workspace = await begin();
    expect(workspace.budget(officeDefaults)).toBeNull();
    expect(() => workspace.passes.connect(officeDefaults)).toThrow(
      /OPSDECK_ADVERSUS_URL, OPSDECK_ADVERSUS_USER, OPSDECK_ADVERSUS_PASSWORD/,
    );
  });

  it('refuses a wrong setting before it asks any database', async () => {
    await expect(
      begin({ OPSDECK_DATABASE_URL: 'postgres://127.0.0.1:9/x', OPSDECK_DELTA_SECONDS: '5' }),
    ).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('leaves nobody on the list when it cannot be opened', async () => {
    await expect(begin({ OPSDECK_DATABASE_URL: 'postgres://127.0.0.1:9/x' })).rejects.toMatchObject({
      code: 'DATABASE_AWAY',
    });
    expect(await processes()).toEqual([]);
  });

  it('mixes no practice deals with real ones', async () => {
    await database.query(
      `insert into deals (lead_id, user_id, order_date, status, upstream_updated_at) values ('1', 1, now(), 'success', now())`,
    );
    await expect(begin({ OPSDECK_SANDBOX: '1' })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    expect(await processes()).toEqual([]);
    const real = await begin({ OPSDECK_SANDBOX: '1', OPSDECK_ADVERSUS_URL: 'http://127.0.0.1:9/v1' });
    expect(real.kind).toBe('team');
  });

  it('with practice data brings its own upstream, and what the environment says wins', async () => {
    const workspace = await begin({ OPSDECK_SANDBOX: '1', OPSDECK_TIME_ZONE: 'Asia/Bangkok' });
    expect(workspace.kind).toBe('sandbox');
    const { settings } = await workspace.settings();
    expect(settings.adversusUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
    expect(settings.timeZone).toBe('Asia/Bangkok');
    expect(workspace.passes.connect(settings).calls()).toBe(0);
  });
});
