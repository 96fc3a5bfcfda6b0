import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentOf, runCli } from '../cli/run-cli.ts';
import { readZip } from '../system/diagnostics/read-zip.ts';
import {
  buildConsole,
  launchConsole,
  temporaryFolder,
  waitFor,
  type LaunchedConsole,
} from './launch-console.ts';

/*
 * The System screen of one running console: what runs by itself, stopped and let go on from the tray's menu, the command
 * line and the screen; the log; the diagnostics file. The menu is the one that the program gave its tray; it is looked
 * at and clicked in the main process.
 */

const dataFolder = temporaryFolder();
const environment = { OPSDECK_SANDBOX: '1', OPSDECK_DATA_DIR: dataFolder };
let opsdeck: LaunchedConsole;

beforeAll(async () => {
  await buildConsole('real');
  opsdeck = await launchConsole({
    program: 'real',
    dataFolder,
    // A desktop that may have a tray.
    env: { ...environment, XDG_CURRENT_DESKTOP: 'XFCE', LANGUAGE: 'en', LANG: 'C.UTF-8' },
  });
  await opsdeck.app.evaluate(({ Menu }) => {
    const build = Menu.buildFromTemplate.bind(Menu);
    Menu.buildFromTemplate = (template) => {
      const menu = build(template);
      if (menu.items.some(({ type }) => type === 'checkbox')) Object.assign(globalThis, { trayMenu: menu });
      return menu;
    };
  });
});
afterAll(() => opsdeck?.close());

const opsdeckCli = async (...args: string[]): Promise<Record<string, unknown>> => {
  const result = await runCli([...args, '--json', '--as', 'Kim'], environment);
  return { exit: result.code, ...documentOf(result) };
};
interface Item {
  label: string;
  checked: boolean;
}
const tray = () =>
  opsdeck.app.evaluate(() => {
    const { trayMenu } = globalThis as unknown as { trayMenu?: { items: Item[] } };
    return trayMenu?.items.map(({ label, checked }) => ({ label, checked })) ?? [];
  });
const clickTray = (label: string) =>
  opsdeck.app.evaluate((_electron, wanted) => {
    const { trayMenu } = globalThis as unknown as { trayMenu: { items: (Item & { click(): void })[] } };
    trayMenu.items.find((item) => item.label === wanted)?.click();
  }, label);
const inTray = async (label: string, checked = false) =>
  waitFor(
    async () => (await tray()).some((item) => item.label === label && item.checked === checked),
    `"${label}" ${checked ? 'checked' : ''} in the tray; it has ${JSON.stringify(await tray())}`,
  );
const rowOf = (job: string) => opsdeck.page.getByRole('row').filter({ hasText: job });
const stopAll = 'Stop all schedules';

test('stop-all from the command line is on the screen and in the tray, and from the tray everywhere', async () => {
  const { page } = opsdeck;
  await page.locator('nav').getByRole('button', { name: 'System' }).click();
  await page.getByRole('tab', { name: 'Schedules' }).click();
  await rowOf('Deals').first().waitFor({ timeout: 90_000 });
  expect(await opsdeckCli('schedules', 'stop-all')).toMatchObject({ exit: 0, stopped: { by: 'Kim' } });
  await inTray(stopAll, true);
  await rowOf('Stopped').first().waitFor();
  await page.screenshot({ path: join(import.meta.dirname, '../../test-results/schedules-stopped.png') });

  await clickTray(stopAll);
  await inTray(stopAll, false);
  expect(await opsdeckCli('schedules')).toMatchObject({ exit: 0, stopped: null });
  await waitFor(async () => (await rowOf('Stopped').count()) === 0, 'the schedules to be on');

  await clickTray(stopAll);
  await inTray(stopAll, true);
  const { stopped } = await opsdeckCli('schedules');
  expect((stopped as { by: string }).by).not.toBe('Kim');
  await page.getByRole('button', { name: 'Go on with all schedules' }).click();
  await inTray(stopAll, false);
});

test('one is paused and run from the command line and from the screen', async () => {
  const { page } = opsdeck;
  expect(await opsdeckCli('schedules', 'pause', 'agents', '--minutes', '5')).toMatchObject({ exit: 0 });
  await rowOf('Paused').first().waitFor();
  // A person may run what rests.
  expect(await opsdeckCli('schedules', 'run', 'agents')).toMatchObject({ exit: 0, success: true });
  expect(await opsdeckCli('schedules', 'run', 'deals-delta')).toMatchObject({ exit: 0, success: true });
  expect(await opsdeckCli('schedules', 'resume', 'agents')).toMatchObject({ exit: 0 });
  await waitFor(async () => (await rowOf('Paused').count()) === 0, 'the job to be on');
  await page.getByRole('button', { name: 'Run now: Agents and campaigns' }).click();
  const jobs = async () =>
    (await opsdeckCli('schedules'))['jobs'] as { name: string; last: { state: string } }[];
  expect((await jobs()).find(({ name }) => name === 'agents')?.last.state).toBe('complete');
  expect(page.url()).toContain('console.html');
});

test('the tray tells how accounts are made, and a switch at once', async () => {
  await inTray('Accounts: queued');
  expect(await opsdeckCli('mode', 'sync_direct', '--yes')).toMatchObject({ exit: 0, mode: 'sync_direct' });
  await inTray('Accounts: made at once');
});

test('do not disturb is switched from the tray', async () => {
  await clickTray('Do not disturb');
  await inTray('Do not disturb', true);
  expect(await tray()).toContainEqual({ label: 'Do not disturb', checked: true });
});

test('the log is on screen, newest last and followed, and a search goes through all of it', async () => {
  const { page } = opsdeck;
  await page.locator('nav').getByRole('button', { name: 'System' }).click();
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByRole('row').filter({ hasText: 'Window open' }).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('Window open');
  await waitFor(
    async () => (await page.getByRole('row').count()) === 2,
    'the one line that fits, below the head',
  );
  await page.getByRole('row').filter({ hasText: 'Window open' }).click();
  await page.getByRole('button', { name: 'Copy line', exact: true }).click();
  await waitFor(
    async () =>
      (await opsdeck.app.evaluate(({ clipboard }) => clipboard.readText())).includes('"Window open"'),
    'the line on the clipboard',
  );
});

test('the diagnostics file is told, saved as it was told, and opens', async () => {
  const { page } = opsdeck;
  const path = join(dataFolder, 'help.zip');
  await opsdeck.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await page.getByRole('button', { name: 'Diagnostics file…' }).click();
  await page.getByRole('button', { name: 'Save…' }).click({ timeout: 30_000 });
  await page.getByText(path).waitFor();
  const files = readZip(readFileSync(path));
  expect(JSON.parse(files.get('console.json')!)).toMatchObject({ settings: { alertsPaused: true } });
  expect(JSON.parse(files.get('program.json')!)).toMatchObject({
    runtime: { electron: expect.any(String) as string },
  });
  expect([...files.keys()]).toContain('logs/console.log');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('settings are a key away, also while somebody types', async () => {
  const { page } = opsdeck;
  await page.keyboard.press('/');
  await page.keyboard.press('Control+,');
  await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  expect(await page.title()).toContain('Settings');
});
