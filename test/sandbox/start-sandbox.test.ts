import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { defaultSwitches, switchStandings } from '../../src/main/sandbox/adversus/switches.ts';
import { createSandboxClock } from '../../src/main/sandbox/sandbox-clock.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/main/sandbox/start-sandbox.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'opsdeck-sandbox-'));
  cleanUps.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function start(at: string, options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ clock: createSandboxClock({ start: at, speed: 0 }), ...options });
  cleanUps.push(() => sandbox.close());
  return sandbox;
}

test('gives a console all it needs in its environment', async () => {
  const sandbox = await start('2026-11-16T11:00:00Z', { adversus: { user: 'api', password: 'secret' } });
  expect(sandbox.environment).toEqual({
    OPSDECK_TIME_ZONE: 'Europe/Stockholm',
    OPSDECK_ADVERSUS_URL: sandbox.urls.adversus,
    OPSDECK_ADVERSUS_USER: 'api',
    OPSDECK_ADVERSUS_PASSWORD: 'secret',
    OPSDECK_ADVERSUS_TIME_ZONE: 'Europe/Stockholm',
    OPSDECK_ADVERSUS_UPDATED_FIELD: 'lastUpdatedTime',
    OPSDECK_ADVERSUS_COMMISSION_FIELD: '70163',
    OPSDECK_ADVERSUS_MULTI_DEALS_FIELD: '74126',
    OPSDECK_ADVERSUS_ORDER_DATE_FIELD: 'Order date',
    OPSDECK_ROAMIFY_URL: sandbox.urls.roamify,
    OPSDECK_ROAMIFY_TOKEN: 'sandbox',
    OPSDECK_DIRECTORY_URL: sandbox.urls.directory,
    OPSDECK_DIRECTORY_TOKEN: sandbox.directory.token,
  });
  expect(sandbox.urls.adversus).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
});

test('the environment follows the switches', async () => {
  const switches = { stampField: 'lastModifiedTime', stampFormat: 'utc-bare' } as const;
  const { environment } = await start('2026-11-16T11:00:00Z', { adversus: { switches } });
  expect(environment).toMatchObject({
    OPSDECK_ADVERSUS_UPDATED_FIELD: 'lastModifiedTime',
    OPSDECK_ADVERSUS_TIME_ZONE: 'UTC',
  });
});

test('with a memory file the live deals of earlier runs are there again, and none of the time between', async () => {
  const memoryFile = join(temporaryFolder(), 'made', 'sandbox.json');
  const liveIds = (sandbox: Sandbox) =>
    sandbox.adversus.state.leads.all.map((lead) => lead.id).filter((id) => id >= 500_000_000);

  const first = await start('2026-11-16T11:00:00Z', { memoryFile });
  first.clock.advance(30 * 60_000);
  const seen = liveIds(first);
  expect(seen.length).toBeGreaterThan(20);
  await first.close();

  const second = await start('2026-11-17T08:00:00Z', { memoryFile });
  expect(liveIds(second).sort()).toEqual(seen.sort());
  second.clock.advance(10 * 60_000);
  const more = liveIds(second);
  expect(more.length).toBeGreaterThan(seen.length + 5);
  await second.close();

  const third = await start('2026-11-17T09:00:00Z', { memoryFile });
  expect(liveIds(third).sort()).toEqual(more.sort());
});

test.each(['', '{"spans":[{"from":"x"}, null, 7]}', '[]'])(
  'a broken memory file (%j) counts as none',
  async (text) => {
    const memoryFile = join(temporaryFolder(), 'sandbox.json');
    writeFileSync(memoryFile, text);
    const sandbox = await start('2026-11-16T11:00:00Z', { memoryFile });
    sandbox.clock.advance(5 * 60_000);
    expect(sandbox.adversus.state.leads.size).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(memoryFile, 'utf8'))).toMatchObject({
      spans: [{ from: Date.parse('2026-11-16T11:00:00Z') }],
    });
  },
);

test('the folder note lists every switch with its default and whether that is known or assumed', () => {
  const note = readFileSync(new URL('../../src/main/sandbox/README.md', import.meta.url), 'utf8');
  for (const [name, value] of Object.entries(defaultSwitches)) {
    const standing = switchStandings[name as keyof typeof switchStandings];
    expect(note).toMatch(new RegExp(`^\\| \`${name}\` +\\| \`${String(value)}\` +\\| ${standing} +\\|`, 'm'));
  }
});
