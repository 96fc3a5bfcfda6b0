import type { Page } from 'playwright';
import { to, type Shot } from './shot.ts';

const large = { wall: true, size: 'large' } as const;

/** The wall's slides, as they are seen from across a room. */
export const wallSlideShots: Shot[] = [
  { name: 'slide-week', scenario: 'week', ...large },
  { name: 'slide-week-huge-dark-en', scenario: 'week', wall: true, size: 'huge', theme: 'dark', lang: 'en' },
  { name: 'slide-groups', scenario: 'groups', ...large, theme: 'dark' },
  { name: 'slide-commission', scenario: 'commission', ...large, lang: 'en' },
  { name: 'slide-conversion', scenario: 'conversion', ...large, theme: 'dark' },
  { name: 'slide-fair', scenario: 'fair', ...large },
  { name: 'slide-fair-huge-dark-en', scenario: 'fair', wall: true, size: 'huge', theme: 'dark', lang: 'en' },
  { name: 'slide-rookies-dark', scenario: 'rookies', ...large, theme: 'dark' },
  { name: 'slide-fair-upright', scenario: 'fair', wall: true, size: 'upright', lang: 'en' },
  { name: 'slide-trend', scenario: 'trend', ...large },
  { name: 'slide-trend-month', scenario: 'trend-month', ...large, theme: 'dark', lang: 'en' },
  { name: 'slide-metrics', scenario: 'metrics', ...large },
  {
    name: 'slide-metrics-huge-dark-en',
    scenario: 'metrics',
    wall: true,
    size: 'huge',
    theme: 'dark',
    lang: 'en',
  },
  { name: 'slide-metrics-upright', scenario: 'metrics', wall: true, size: 'upright' },
  { name: 'slide-battle', scenario: 'battle', ...large },
  { name: 'slide-battle-dark-en', scenario: 'battle', ...large, theme: 'dark', lang: 'en' },
  { name: 'slide-target', scenario: 'target', ...large },
  { name: 'slide-reached', scenario: 'reached', ...large, theme: 'dark', lang: 'en' },
  { name: 'slide-waiting', scenario: 'waiting', ...large, theme: 'dark' },
  { name: 'slide-nothing-waiting', scenario: 'nothing-waiting', ...large, lang: 'en' },
  { name: 'slide-big', scenario: 'big', ...large },
  { name: 'slide-trend-huge', scenario: 'trend', wall: true, size: 'huge' },
  {
    name: 'slide-battle-huge-dark-en',
    scenario: 'battle',
    wall: true,
    size: 'huge',
    theme: 'dark',
    lang: 'en',
  },
  { name: 'slide-target-huge', scenario: 'target', wall: true, size: 'huge' },
  { name: 'slide-waiting-huge-en', scenario: 'waiting', wall: true, size: 'huge', lang: 'en' },
  { name: 'slide-big-huge-dark', scenario: 'big', wall: true, size: 'huge', theme: 'dark' },
  { name: 'slide-rehearsal', scenario: 'rehearsal', ...large, theme: 'dark', lang: 'en' },
];

/** Adds a slide of each kind to today's board, in the language of the picture. */
async function addSlides(page: Page, add: string, kinds: readonly string[]): Promise<void> {
  await to('wall')(page);
  for (const kind of kinds) {
    await page.getByRole('button', { name: add, exact: true }).click();
    await page.getByRole('menuitem', { name: kind }).click();
    await page.waitForTimeout(250);
  }
  await page.waitForTimeout(700);
}
const tab =
  (name: string) =>
  async (page: Page): Promise<void> => {
    await to('wall')(page);
    await page.getByRole('tab', { name }).click();
    await page.waitForTimeout(400);
  };

/** The screen that arranges the wall. */
export const wallEditorShots: Shot[] = [
  {
    name: 'editor-slides',
    scenario: 'ordinary',
    act: (page) => addSlides(page, 'Lägg till', ['Dag för dag', 'Lag mot lag', 'Dagens mål', 'Topplista']),
  },
  {
    name: 'editor-slides-large-dark-en',
    scenario: 'ordinary',
    size: 'large',
    theme: 'dark',
    lang: 'en',
    act: async (page) => {
      await addSlides(page, 'Add', ['Six numbers', 'Team battle', 'To review', 'Day by day']);
      await page.getByRole('button', { name: 'Open the wall' }).click();
      await page.waitForTimeout(500);
    },
  },
  { name: 'editor-usual', scenario: 'ordinary', act: to('wall') },
  { name: 'editor-cheers', scenario: 'ordinary', act: tab('Firanden och ljud') },
  {
    name: 'editor-cheers-dark-en',
    scenario: 'ordinary',
    theme: 'dark',
    lang: 'en',
    act: tab('Celebrations'),
  },
  { name: 'editor-media', scenario: 'ordinary', act: tab('Egna ljud och foton') },
];
