import { mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  buildConsole,
  launchConsole,
  temporaryFolder,
  waitFor,
  type LaunchedConsole,
} from './launch-console.ts';

/* The HTTP API of a real console: switched on in Settings, called with a token made there, its page drawn. */

const pictures = join(import.meta.dirname, '../../test-results');
let console: LaunchedConsole;
let port: number;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildConsole('real');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  ({ port } = server.address() as AddressInfo);
  await new Promise((resolve) => server.close(resolve));
  console = await launchConsole({
    program: 'real',
    dataFolder: temporaryFolder(),
    env: { OPSDECK_SANDBOX: '1' },
  });
});
afterAll(() => console?.app.close());

const ask = (path: string, token?: string) =>
  fetch(`http://127.0.0.1:${port}${path}`, { headers: token ? { authorization: `Bearer ${token}` } : {} });

test('is off until it is switched on in Settings, takes the token made there, and is off again at once', async () => {
  const { page } = console;
  await expect(ask('/health')).rejects.toThrow();
  await page
    .locator('nav a, nav button')
    .filter({ hasText: /Settings|Inställningar/ })
    .first()
    .click();
  const section = page.locator('#settings-http');
  // The page is drawn anew when the office's settings have come.
  await page.locator('#settings-adversus').waitFor({ timeout: 60_000 });
  await section.locator('input[inputmode=numeric]').first().fill(String(port));
  await page.keyboard.press('Enter');
  await section.locator('input[type=checkbox]').first().check({ force: true });
  await waitFor(async () => (await ask('/health').catch(() => null))?.status === 200, 'the API is on');
  await section.getByText(`http://127.0.0.1:${port}`).waitFor();
  await section.locator('form input').first().fill('Skript');
  await section.locator('form button[type=submit]').click();
  await page.screenshot({ path: join(pictures, 'http-api-asked.png') });
  // The practice database may still be on its way up.
  const token = await section.locator('input[readonly]').inputValue({ timeout: 90_000 });
  expect(token).toMatch(/^odk_[\w-]{43}$/);
  await section.locator('[role=alert] button').first().click();
  expect(await console.app.evaluate(({ clipboard }) => clipboard.readText())).toBe(token);
  expect((await ask('/api/leaderboard', token)).status).toBe(200);
  expect((await (await ask('/openapi.json')).json()) as object).toHaveProperty('paths');
  expect((await ask('/docs/swagger-ui-bundle.js')).status).toBe(200);
  await page.screenshot({ path: join(pictures, 'http-api.png') });
  await section.locator('input[type=checkbox]').first().uncheck({ force: true });
  await waitFor(async () => (await ask('/health').catch(() => null)) === null, 'the API is off');
});
