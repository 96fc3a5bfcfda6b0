import type { Page } from 'playwright';
import { press, to, type Shot } from './shot.ts';

const onTab =
  (name: string, ...keys: string[]) =>
  async (page: Page): Promise<void> => {
    await to('packages')(page);
    await page.getByRole('tab', { name }).first().click();
    await page.waitForTimeout(400);
    await press(...keys)(page);
    await page.waitForTimeout(300);
  };

const pressing =
  (tab: string, button: string, ...keys: string[]) =>
  async (page: Page): Promise<void> => {
    await onTab(tab, ...keys)(page);
    await page.getByRole('button', { name: button, exact: true }).first().click();
    await page.waitForTimeout(500);
  };

const large = { size: 'large', theme: 'dark', lang: 'en' } as const;

/** Packages: none, fifty and eleven thousand of them, in each of their tabs. */
export const packageShots: Shot[] = [
  { name: 'packages-health', scenario: 'ordinary', act: to('packages') },
  { name: 'packages-health-large', scenario: 'many', ...large, act: to('packages') },
  { name: 'packages-health-empty', scenario: 'empty', lang: 'en', act: to('packages') },
  { name: 'packages-health-syncing', scenario: 'syncing', theme: 'dark', act: to('packages') },
  { name: 'packages-invalid', scenario: 'ordinary', act: onTab('Ogiltiga', 'j', 'j') },
  { name: 'packages-invalid-large', scenario: 'many', ...large, act: onTab('Invalid', 'j', 'j', 'j', 'j') },
  { name: 'packages-invalid-empty', scenario: 'empty', act: onTab('Ogiltiga') },
  {
    name: 'packages-changes',
    scenario: 'ordinary',
    lang: 'en',
    act: async (page) => {
      await onTab('Invalid')(page);
      await page.getByRole('tab', { name: 'Changes made' }).click();
      await page.waitForTimeout(400);
    },
  },
  { name: 'packages-mine', scenario: 'ordinary', act: onTab('Våra', 'j', 'j', 'j', 'j') },
  { name: 'packages-mine-large', scenario: 'many', ...large, act: onTab('Ours', 'j') },
  { name: 'packages-mine-long', scenario: 'long', theme: 'dark', act: onTab('Våra', 'j') },
  { name: 'packages-mine-empty', scenario: 'empty', lang: 'en', act: onTab('Ours') },
  { name: 'packages-import', scenario: 'ordinary', act: pressing('Våra', 'Hämta in CSV…') },
  { name: 'packages-catalogue', scenario: 'ordinary', act: onTab('Katalog', 'j', 'j') },
  { name: 'packages-catalogue-large', scenario: 'many', ...large, act: onTab('Catalogue', 'End') },
  { name: 'packages-catalogue-slow', scenario: 'slow', act: onTab('Katalog') },
  { name: 'packages-diff', scenario: 'ordinary', act: onTab('Senaste läsning') },
  { name: 'packages-diff-large', scenario: 'many', ...large, act: onTab('Last pass') },
  { name: 'packages-twice', scenario: 'ordinary', act: onTab('Säljs dubbelt') },
  { name: 'packages-twice-large', scenario: 'many', ...large, act: onTab('Sold twice') },
  { name: 'packages-orders', scenario: 'ordinary', act: onTab('Beställningar', 'j', 'j') },
  { name: 'packages-orders-large', scenario: 'many', ...large, act: onTab('Orders', 'j', 'j', 'j') },
  { name: 'packages-order', scenario: 'ordinary', lang: 'en', act: pressing('Orders', 'Order…') },
  { name: 'packages-held', scenario: 'waiting', act: pressing('Hälsa', 'Se och bestäm…') },
];
