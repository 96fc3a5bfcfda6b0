import { createServer } from 'node:http';
import { mkdir, readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright';
import { build } from 'vite';
import { packageShots } from './package-shots.ts';
import { officeShots } from './office-shots.ts';
import { queueShots } from './queue-shots.ts';
import { press, sizes, to, type Shot } from './shot.ts';
import { systemShots } from './system-shots.ts';
import { wallEditorShots, wallSlideShots } from './wall-shots.ts';

/**
 * Takes pictures of the console on the fake main: `node take-screenshots.ts FOLDER [only]`. `only` is a part of the
 * names to take, or several with commas. Needs a Chromium at /usr/bin/chromium or in CHROMIUM.
 */
const here = fileURLToPath(new URL('.', import.meta.url));
const built = join(here, '../../../.tmp/preview');
const out = process.argv[2] ?? join(here, '../../../.tmp/screenshots');
const only = (process.argv[3] ?? '').split(',');
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

async function openWallSettings(page: Page): Promise<void> {
  await to('settings')(page);
  await page.locator('#settings-wall').scrollIntoViewIfNeeded();
  await page.evaluate(() => document.getElementById('settings-wall')?.scrollIntoView({ block: 'start' }));
  await page.waitForTimeout(200);
}

const showSection =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await to('settings')(page);
    await page.getByRole('button', { name, exact: true }).click();
    await page.waitForTimeout(400);
  };

async function openAlertSettings(page: Page): Promise<void> {
  await to('settings')(page);
  await page.evaluate(() => document.getElementById('settings-alerts')?.scrollIntoView({ block: 'start' }));
  await page.waitForTimeout(200);
}

const showIncidents =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await to('health')(page);
    await page.getByRole('tab', { name }).click();
    await press('j')(page);
  };

const shots: Shot[] = [
  { name: 'health', scenario: 'ordinary', act: to('health', 'j', 'j', 'j') },
  {
    name: 'health-many-large-dark-en',
    scenario: 'many',
    size: 'large',
    theme: 'dark',
    lang: 'en',
    act: to('health', 'j'),
  },
  { name: 'health-three-en', scenario: 'three', lang: 'en', act: to('health') },
  { name: 'health-empty', scenario: 'empty', act: to('health') },
  { name: 'health-long-dark', scenario: 'long', theme: 'dark', act: to('health', 'j') },
  { name: 'health-away-en', scenario: 'away', lang: 'en', act: to('health', 'j') },
  { name: 'health-slow', scenario: 'slow', act: to('health') },
  { name: 'health-incidents', scenario: 'ordinary', act: showIncidents('Förlopp') },
  {
    name: 'health-incidents-large-dark-en',
    scenario: 'many',
    size: 'large',
    theme: 'dark',
    lang: 'en',
    act: showIncidents('Incidents'),
  },
  { name: 'settings-alerts', scenario: 'ordinary', act: openAlertSettings },
  {
    name: 'settings-alerts-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: openAlertSettings,
  },
  { name: 'ordinary', scenario: 'ordinary' },
  { name: 'ordinary-dark-en', scenario: 'ordinary', theme: 'dark', lang: 'en' },
  { name: 'ordinary-large', scenario: 'ordinary', size: 'large' },
  { name: 'ordinary-large-dark-en', scenario: 'ordinary', size: 'large', theme: 'dark', lang: 'en' },
  { name: 'many-large', scenario: 'many', size: 'large', lang: 'en' },
  { name: 'many', scenario: 'many', theme: 'dark' },
  { name: 'three', scenario: 'three', lang: 'en' },
  { name: 'empty', scenario: 'empty' },
  { name: 'long', scenario: 'long', lang: 'en' },
  ...officeShots,
  ...queueShots,
  ...packageShots,
  { name: 'waiting', scenario: 'waiting', act: press('w') },
  { name: 'waiting-empty', scenario: 'empty', lang: 'en', act: press('w') },
  { name: 'passes', scenario: 'ordinary', act: press('p', 'j', 'j', 'j') },
  {
    name: 'passes-large-dark-en',
    scenario: 'ordinary',
    size: 'large',
    theme: 'dark',
    lang: 'en',
    act: press('p'),
  },
  {
    name: 'resync',
    scenario: 'ordinary',
    act: async (page) => {
      await press('p')(page);
      await page.getByRole('button', { name: 'Läs om…' }).click();
      await page.getByRole('radio', { name: 'Dagar jag väljer' }).click();
      await page.getByLabel('Från').fill('2026-12-01');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'resync-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: async (page) => {
      await press('p')(page);
      await page.getByRole('button', { name: 'Resync…' }).click();
      await page.getByRole('radio', { name: 'Everything Adversus has' }).click();
      await page.waitForTimeout(300);
    },
  },
  { name: 'syncing', scenario: 'syncing', act: async (page) => page.waitForTimeout(6500) },
  {
    name: 'sync-result',
    scenario: 'ordinary',
    lang: 'en',
    act: async (page) => {
      await page.getByRole('button', { name: 'Sync deals now' }).click();
      await page.waitForTimeout(6500);
    },
  },
  { name: 'live', scenario: 'live', theme: 'dark', act: async (page) => page.waitForTimeout(2300) },
  { name: 'away', scenario: 'away', lang: 'en' },
  { name: 'away-dark', scenario: 'away', theme: 'dark' },
  { name: 'refused', scenario: 'refused', theme: 'dark' },
  { name: 'first', scenario: 'first', lang: 'en' },
  { name: 'slow', scenario: 'slow' },
  { name: 'failing', scenario: 'failing' },
  { name: 'failing-dark-en', scenario: 'failing', theme: 'dark', lang: 'en' },
  { name: 'settings', scenario: 'ordinary', act: to('settings') },
  { name: 'backups', scenario: 'ordinary', act: showSection('Säkerhetskopior') },
  { name: 'backups-dark-en', scenario: 'ordinary', theme: 'dark', lang: 'en', act: showSection('Backups') },
  { name: 'backups-empty', scenario: 'empty', lang: 'en', act: showSection('Backups') },
  { name: 'archive', scenario: 'ordinary', act: showSection('Arkiv') },
  {
    name: 'why',
    scenario: 'ordinary',
    act: async (page) => {
      await page
        .getByRole('button', { name: /^Varför är lead/ })
        .first()
        .click();
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'why-dark-en',
    scenario: 'three',
    theme: 'dark',
    lang: 'en',
    act: async (page) => {
      await to('duplicates', 'y')(page);
      await page.waitForTimeout(500);
    },
  },
  { name: 'rules', scenario: 'ordinary', act: to('duplicates', 'g') },
  { name: 'rules-empty', scenario: 'empty', lang: 'en', act: to('duplicates', 'g') },
  {
    name: 'rules-form-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: async (page) => {
      await to('duplicates', 'g')(page);
      await page.getByRole('button', { name: 'Change' }).first().click();
      await page.waitForTimeout(500);
    },
  },
  {
    name: 'rules-act',
    scenario: 'ordinary',
    act: async (page) => {
      await to('duplicates', 'g')(page);
      await page.getByRole('button', { name: 'Låt den besluta…' }).first().click();
      await page.waitForTimeout(500);
    },
  },
  { name: 'why-empty', scenario: 'ordinary', act: press('y') },
  {
    name: 'legacy',
    scenario: 'ordinary',
    act: async (page) => {
      await showSection('Importera från den gamla servern')(page);
      await page.getByRole('button', { name: 'Välj mapp: Den gamla serverns filer' }).click();
      await page.waitForTimeout(300);
      await page.getByRole('button', { name: 'Öva' }).click();
      await page.waitForTimeout(4_000);
    },
  },
  {
    name: 'legacy-running-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: async (page) => {
      await showSection('Import from the old server')(page);
      await page.getByRole('button', { name: "Choose folder: The old server's files" }).click();
      await page.waitForTimeout(300);
      await page.getByRole('button', { name: 'Rehearse' }).click();
      await page.waitForTimeout(1_500);
    },
  },
  {
    name: 'archive-moving-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: async (page) => {
      await showSection('Archive')(page);
      await page.getByRole('button', { name: 'Archive now' }).click();
      await page.waitForTimeout(900);
    },
  },
  {
    name: 'backups-running',
    scenario: 'syncing',
    act: async (page) => {
      await showSection('Säkerhetskopior')(page);
      await page.getByRole('button', { name: 'Säkerhetskopiera nu' }).click();
      await page.waitForTimeout(5000);
    },
  },
  {
    name: 'backups-made',
    scenario: 'three',
    theme: 'dark',
    act: async (page) => {
      await showSection('Säkerhetskopior')(page);
      await page.getByRole('button', { name: 'Säkerhetskopiera nu' }).click();
      await page.waitForTimeout(8500);
    },
  },
  { name: 'http-api', scenario: 'ordinary', act: showSection('HTTP-API') },
  { name: 'http-api-dark-en', scenario: 'ordinary', theme: 'dark', lang: 'en', act: showSection('HTTP API') },
  { name: 'http-api-empty', scenario: 'empty', lang: 'en', act: showSection('HTTP API') },
  { name: 'http-api-failing', scenario: 'long', act: showSection('HTTP-API') },
  {
    name: 'http-api-made',
    scenario: 'ordinary',
    act: async (page) => {
      await showSection('HTTP-API')(page);
      await page.getByLabel('Ägare, till exempel Löneskript').fill('Löneskript');
      await page.getByText('Läsa och besluta').first().click();
      await page.getByRole('button', { name: 'Skapa nyckel' }).click();
      await page.waitForTimeout(500);
      await page
        .getByRole('button', { name: /Återkalla nyckeln för/ })
        .first()
        .click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'settings-large-dark-en',
    scenario: 'ordinary',
    size: 'large',
    theme: 'dark',
    lang: 'en',
    act: to('settings'),
  },
  {
    name: 'settings-edit',
    scenario: 'ordinary',
    act: async (page) => {
      await to('settings')(page);
      await page.getByLabel('Kontorets tidszon').fill('Europa/Stockholm');
      await page.keyboard.press('Tab');
      await page.getByLabel('Rader per sida').fill('500');
      await page.waitForTimeout(200);
    },
  },
  {
    name: 'settings-conflict',
    scenario: 'waiting',
    lang: 'en',
    act: async (page) => {
      await to('settings')(page);
      await page.getByLabel('Brake, rows').fill('50');
      await page.keyboard.press('Control+s');
      await page.waitForTimeout(500);
      await page.getByRole('button', { name: 'Show the field' }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'leaderboard-report-printed',
    scenario: 'many',
    theme: 'dark',
    act: async (page) => {
      await to('leaderboard')(page);
      await page.waitForTimeout(500);
      await page.emulateMedia({ media: 'print' });
    },
  },
  { name: 'leaderboard', scenario: 'ordinary', act: to('leaderboard') },
  {
    name: 'leaderboard-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: async (page) => {
      await to('leaderboard')(page);
      await page.waitForTimeout(500);
      await press('h', 'g')(page);
    },
  },
  {
    name: 'leaderboard-month-large',
    scenario: 'many',
    size: 'large',
    act: async (page) => {
      await to('leaderboard')(page);
      await page.getByText('Månad', { exact: true }).click();
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'leaderboard-range-en',
    scenario: 'long',
    lang: 'en',
    act: async (page) => {
      await to('leaderboard')(page);
      await page.getByLabel('From', { exact: true }).fill('2024-01-15');
      await page.keyboard.press('Enter');
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'leaderboard-wrong-days',
    scenario: 'three',
    theme: 'dark',
    act: async (page) => {
      await to('leaderboard')(page);
      await page.getByLabel('Till', { exact: true }).fill('2020-01-15');
      await page.waitForTimeout(400);
    },
  },
  { name: 'leaderboard-empty', scenario: 'empty', act: to('leaderboard') },
  { name: 'leaderboard-slow', scenario: 'slow', act: to('leaderboard') },
  {
    name: 'leaderboard-today-saved',
    scenario: 'ordinary',
    size: 'large',
    theme: 'dark',
    act: async (page) => {
      await to('leaderboard')(page);
      await page.getByText('Idag', { exact: true }).last().click();
      await press('e')(page);
      await page.waitForTimeout(700);
    },
  },
  {
    name: 'palette',
    scenario: 'ordinary',
    act: async (page) => {
      await press('Control+k')(page);
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'palette-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: async (page) => {
      await press('Control+k')(page);
      await page.waitForTimeout(300);
      await page.keyboard.type('sync');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'keys',
    scenario: 'ordinary',
    act: async (page) => {
      await press('?')(page);
      await page.waitForTimeout(400);
    },
  },
  { name: 'settings-wall', scenario: 'ordinary', act: openWallSettings },
  { name: 'settings-wall-dark-en', scenario: 'ordinary', theme: 'dark', lang: 'en', act: openWallSettings },
  { name: 'wall-ordinary', scenario: 'ordinary', wall: true },
  { name: 'wall-ordinary-large', scenario: 'ordinary', wall: true, size: 'large', theme: 'dark', lang: 'en' },
  { name: 'wall-ordinary-huge', scenario: 'ordinary', wall: true, size: 'huge' },
  { name: 'wall-ordinary-upright', scenario: 'ordinary', wall: true, size: 'upright' },
  { name: 'wall-three', scenario: 'three', wall: true, theme: 'dark' },
  { name: 'wall-three-large', scenario: 'three', wall: true, size: 'large' },
  { name: 'wall-empty', scenario: 'empty', wall: true, lang: 'en' },
  { name: 'wall-empty-large', scenario: 'empty', wall: true, size: 'large', theme: 'dark' },
  { name: 'wall-many', scenario: 'many', wall: true, lang: 'en' },
  { name: 'wall-many-large', scenario: 'many', wall: true, size: 'large', theme: 'dark' },
  { name: 'wall-many-huge', scenario: 'many', wall: true, size: 'huge' },
  { name: 'wall-long', scenario: 'long', wall: true },
  { name: 'wall-long-large', scenario: 'long', wall: true, size: 'large', theme: 'dark', lang: 'en' },
  { name: 'wall-pling', scenario: 'pling', wall: true },
  { name: 'wall-pling-large', scenario: 'pling', wall: true, size: 'large', theme: 'dark', lang: 'en' },
  { name: 'wall-pling-long', scenario: 'pling-long', wall: true, theme: 'dark' },
  { name: 'wall-burst', scenario: 'burst', wall: true, lang: 'en' },
  { name: 'wall-burst-large', scenario: 'burst', wall: true, size: 'large', theme: 'dark' },
  { name: 'wall-summary', scenario: 'summary', wall: true },
  { name: 'wall-calm', scenario: 'calm', wall: true, size: 'large' },
  { name: 'wall-away', scenario: 'away', wall: true },
  { name: 'wall-reading', scenario: 'reading', wall: true, lang: 'en' },
  { name: 'wall-reading-dark', scenario: 'reading', wall: true, size: 'large', theme: 'dark' },
  { name: 'wall-late', scenario: 'late', wall: true, size: 'large', theme: 'dark', lang: 'en' },
  { name: 'wall-muted', scenario: 'muted', wall: true, theme: 'dark' },
  { name: 'wall-slow', scenario: 'slow', wall: true },
  { name: 'wall-failing', scenario: 'failing', wall: true, lang: 'en' },
  ...systemShots,
  ...wallSlideShots,
  ...wallEditorShots,
  { name: 'wall-sliding', scenario: 'sliding', wall: true, act: async (page) => page.waitForTimeout(1_250) },
];

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

await build({ configFile: join(here, 'vite.config.ts'), logLevel: 'warn' });
await mkdir(out, { recursive: true });
const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://local').pathname).replace(/^\/$/, '/index.html');
  readFile(join(built, path)).then(
    (body) =>
      response
        .writeHead(200, {
          'content-type': types[extname(path)] ?? 'application/octet-stream',
          'content-security-policy':
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-preview'; img-src 'self' data:; font-src 'self'; connect-src 'self'",
        })
        .end(body),
    () => response.writeHead(404).end(),
  );
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const shot of shots.filter(({ name }) => only.some((part) => name.includes(part)))) {
  const page = await browser.newPage({
    viewport: sizes[shot.size ?? 'small'],
    locale: 'sv-SE',
    timezoneId: 'America/New_York',
    colorScheme: shot.theme ?? 'light',
  });
  page.on('pageerror', (error) => console.error(shot.name, error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') console.error(shot.name, message.text());
  });
  await page.goto(
    `http://127.0.0.1:${port}/${shot.wall ? 'wall.html' : ''}?scenario=${shot.scenario}&theme=${shot.theme ?? 'light'}&lang=${shot.lang ?? 'sv'}`,
  );
  await page.waitForTimeout(900);
  await shot.act?.(page).catch((error: unknown) => console.error(shot.name, String(error)));
  await page.screenshot({ path: join(out, `${shot.name}.png`) });
  await page.close();
}
await browser.close();
server.close();
