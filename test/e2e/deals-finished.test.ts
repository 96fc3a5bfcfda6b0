import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildConsole, launchConsole, temporaryFolder, type LaunchedConsole } from './launch-console.ts';

/* What a real console asks the system for: where a report goes, and which folder the old server's files are in. */

const pictures = join(import.meta.dirname, '../../test-results');
let console: LaunchedConsole;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildConsole('real');
  console = await launchConsole({
    program: 'real',
    dataFolder: temporaryFolder(),
    env: { OPSDECK_SANDBOX: '1' },
  });
});
afterAll(() => console?.app.close());

const go = (name: RegExp) =>
  console.page.locator('nav a, nav button').filter({ hasText: name }).first().click();

test('the report of a board is a PDF where the person says, and the screen stays as it was', async () => {
  const { page, app } = console;
  const path = join(temporaryFolder(), 'report.pdf');
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await go(/Leaderboard|Topplista/);
  const button = page.getByRole('button', { name: /PDF/ });
  // The practice database may still be on its way up.
  await button.click({ timeout: 90_000 });
  await page.getByText(path).waitFor();
  expect(readFileSync(path).subarray(0, 5).toString()).toBe('%PDF-');
  expect(await page.locator('[data-print]').isVisible()).toBe(false);
});

test('the old server’s files are rehearsed from a folder of the system’s dialogue, then imported', async () => {
  const { page, app } = console;
  const folder = temporaryFolder();
  const old = { userId: 101, commission: '10', multiDeals: '1', status: 'success' };
  const deals = [1, 2, 3].map((n) => ({ ...old, leadId: 990_000 + n, orderDate: '2025-10-05T08:00:00Z' }));
  writeFileSync(join(folder, 'deals-cache.json'), JSON.stringify(deals));
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, folder);
  await go(/Settings|Inställningar/);
  const section = page.locator('#settings-legacy');
  await section.locator('dl button').first().click();
  await section.getByText(folder).waitFor();
  await section.getByRole('button', { name: /^(Rehearse|Öva)$/ }).click();
  await section.locator('table').waitFor();
  await section.getByRole('button', { name: /^(Import|Importera)$/ }).click();
  await section.getByText(/^(Imported|Importerat)$/).waitFor();
  await section.screenshot({ path: join(pictures, 'legacy-imported.png') });
});
