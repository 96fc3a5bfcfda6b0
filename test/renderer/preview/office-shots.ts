import type { Page } from 'playwright';
import { to, type Shot } from './shot.ts';

const tab =
  (screen: 'accounts' | 'system', name: string) =>
  async (page: Page): Promise<void> => {
    await to(screen)(page);
    await page.getByRole('tab', { name }).click();
    await page.waitForTimeout(300);
  };

async function fillAccount(page: Page, email: string): Promise<void> {
  await to('accounts')(page);
  const fields = page.locator('form input');
  await fields.nth(0).fill(email);
  await fields.nth(1).fill('Karin Holm');
  await fields.nth(2).fill('Team');
  await page.locator('form button[type=submit]').click();
  await page.waitForTimeout(400);
}

async function lookThroughList(page: Page): Promise<void> {
  await tab('accounts', 'Från en lista')(page);
  await page.locator('textarea').first().fill('ny@example.com,Ny Kund,Bas');
  await page.getByRole('button', { name: 'Gå igenom' }).click();
  await page.waitForTimeout(300);
}

/** Mode, accounts, tasks, schedules and performance. */
export const officeShots: Shot[] = [
  { name: 'office-mode', scenario: 'ordinary', act: to('system') },
  { name: 'office-mode-dark-en', scenario: 'ordinary', theme: 'dark', lang: 'en', act: to('system') },
  { name: 'office-mode-away', scenario: 'away', act: to('system') },
  {
    name: 'office-mode-ask',
    scenario: 'ordinary',
    act: async (page) => {
      await to('system')(page);
      await page.getByRole('button', { name: 'Byt till' }).click();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'leaderboard-export',
    scenario: 'fair',
    act: async (page) => {
      await to('leaderboard')(page);
      await page.getByRole('button', { name: 'Spara som CSV' }).click();
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'settings-fair-boards',
    scenario: 'fair',
    act: async (page) => {
      await to('settings')(page);
      await page.getByRole('button', { name: 'Rättvisa tavlor', exact: true }).click();
      await page.waitForTimeout(400);
    },
  },
  { name: 'fair-today', scenario: 'fair', size: 'large' },
  { name: 'fair-leaderboard-dark-en', scenario: 'fair', theme: 'dark', lang: 'en', act: to('leaderboard') },
  { name: 'office-schedules', scenario: 'ordinary', act: tab('system', 'Scheman') },
  {
    name: 'office-schedules-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: tab('system', 'Schedules'),
  },
  { name: 'office-schedules-stopped', scenario: 'waiting', act: tab('system', 'Scheman') },
  { name: 'office-performance', scenario: 'ordinary', act: tab('system', 'Prestanda') },
  {
    name: 'office-performance-many-dark-en',
    scenario: 'many',
    theme: 'dark',
    lang: 'en',
    act: tab('system', 'Performance'),
  },
  { name: 'office-accounts', scenario: 'ordinary', act: to('accounts') },
  {
    name: 'office-accounts-many-large-dark-en',
    scenario: 'many',
    size: 'large',
    theme: 'dark',
    lang: 'en',
    act: to('accounts'),
  },
  { name: 'office-accounts-long', scenario: 'long', act: to('accounts') },
  { name: 'office-accounts-first-en', scenario: 'first', lang: 'en', act: to('accounts') },
  { name: 'office-account-queued', scenario: 'ordinary', act: (page) => fillAccount(page, 'ny@example.com') },
  {
    name: 'office-account-refused-dark',
    scenario: 'ordinary',
    theme: 'dark',
    act: (page) => fillAccount(page, 'upptagen@example.com'),
  },
  { name: 'office-account-wrong', scenario: 'ordinary', act: (page) => fillAccount(page, 'inte en adress') },
  { name: 'office-list', scenario: 'ordinary', act: tab('accounts', 'Från en lista') },
  { name: 'office-list-preview', scenario: 'ordinary', act: lookThroughList },
  {
    name: 'office-list-running-dark',
    scenario: 'ordinary',
    theme: 'dark',
    act: async (page) => {
      await lookThroughList(page);
      await page.getByRole('button', { name: 'Gör 1 konto' }).click();
      await page.waitForTimeout(2_000);
    },
  },
  { name: 'office-requests', scenario: 'ordinary', act: tab('accounts', 'Beställningar') },
  { name: 'office-tasks', scenario: 'ordinary', act: tab('accounts', 'Uppgifter') },
  {
    name: 'office-tasks-large-dark-en',
    scenario: 'ordinary',
    size: 'large',
    theme: 'dark',
    lang: 'en',
    act: tab('accounts', 'Tasks'),
  },
  { name: 'office-tasks-empty', scenario: 'empty', act: tab('accounts', 'Uppgifter') },
  { name: 'office-tasks-slow', scenario: 'slow', act: tab('accounts', 'Uppgifter') },
  {
    name: 'office-rehearsal-en',
    scenario: 'ordinary',
    lang: 'en',
    act: async (page) => {
      await tab('accounts', 'Tasks')(page);
      await page.getByRole('button', { name: 'Rehearse' }).click();
      await page.waitForTimeout(300);
      await page.locator('form button[type=submit]').last().click();
      await page.waitForTimeout(400);
    },
  },
];
