import { press, to, type Shot } from './shot.ts';

type Act = NonNullable<Shot['act']>;
const history =
  (...keys: string[]): Act =>
  async (page) => {
    await to('duplicates', 'h')(page);
    await page.waitForTimeout(500);
    await press(...keys)(page);
    await page.waitForTimeout(400);
  };

/** The screens of what waits for a person. */
export const queueShots: Shot[] = [
  { name: 'queue', scenario: 'waiting', act: to('duplicates', 'j', 'j') },
  { name: 'queue-dark-en', scenario: 'waiting', theme: 'dark', lang: 'en', act: to('duplicates') },
  { name: 'queue-large', scenario: 'waiting', size: 'large', lang: 'en', act: to('duplicates', 'j', 'j') },
  { name: 'queue-empty', scenario: 'empty', act: to('duplicates') },
  { name: 'queue-three', scenario: 'ordinary', lang: 'en', act: to('duplicates') },
  { name: 'queue-slow', scenario: 'slow', act: to('duplicates') },
  { name: 'queue-failing', scenario: 'failing', lang: 'en', act: to('duplicates') },
  { name: 'queue-long', scenario: 'long', lang: 'en', act: to('duplicates', 'j', 'j') },
  { name: 'queue-long-gone', scenario: 'waiting', act: to('duplicates', 'End', 'k', 'k', 'k', 'k', 'k') },
  {
    name: 'queue-long-large-dark',
    scenario: 'long',
    size: 'large',
    theme: 'dark',
    act: to('duplicates', 'j', 'j'),
  },
  {
    name: 'queue-many',
    scenario: 'many',
    act: async (page) => {
      await to('duplicates')(page);
      await page.locator('#part-list').evaluate((element) => element.scrollTo(0, 300_000));
      await page.waitForTimeout(400);
    },
  },
  {
    name: 'queue-many-end',
    scenario: 'many',
    size: 'large',
    theme: 'dark',
    act: async (page) => {
      await to('duplicates', 'End')(page);
      await page.waitForTimeout(500);
      await press('a', 'a')(page);
      await page.waitForTimeout(900);
    },
  },
  { name: 'queue-decided', scenario: 'waiting', lang: 'en', act: to('duplicates', 'a', 'x') },
  {
    name: 'queue-undone',
    scenario: 'waiting',
    act: async (page) => (await to('duplicates', 'a', 'x', 'u')(page), page.waitForTimeout(400)),
  },
  { name: 'queue-merge', scenario: 'waiting', act: to('duplicates', 'j', 'j', 'm', '1') },
  { name: 'queue-merge-none-en', scenario: 'waiting', theme: 'dark', lang: 'en', act: to('duplicates', 'm') },
  {
    name: 'queue-note',
    scenario: 'waiting',
    act: async (page) => {
      await to('duplicates', 'n')(page);
      await page.keyboard.type('Kunden ringde och bekräftade; affären är Annas.');
    },
  },
  {
    name: 'queue-search',
    scenario: 'many',
    lang: 'en',
    act: async (page) => {
      await to('duplicates', '/')(page);
      await page.keyboard.type('4501');
      await page.waitForTimeout(600);
    },
  },
  {
    name: 'queue-no-hits',
    scenario: 'waiting',
    act: async (page) => {
      await to('duplicates', '/')(page);
      await page.keyboard.type('finns inte');
      await page.waitForTimeout(600);
    },
  },
  {
    name: 'queue-raced-closed',
    scenario: 'raced',
    act: async (page) => (await to('duplicates')(page), page.waitForTimeout(3_600)),
  },
  {
    name: 'queue-raced-changed',
    scenario: 'raced',
    lang: 'en',
    theme: 'dark',
    act: async (page) => (await to('duplicates', 'j')(page), page.waitForTimeout(3_600)),
  },
  { name: 'queue-refused', scenario: 'refusing', act: to('duplicates', 'a', 'r', 'x', 'k', 'k', 'k') },
  { name: 'queue-refused-en', scenario: 'refusing', lang: 'en', theme: 'dark', act: to('duplicates', 'a') },
  {
    name: 'bulk',
    scenario: 'many',
    act: async (page) => {
      await to('duplicates', 'l')(page);
      await page.waitForTimeout(900);
      await page.getByText('Slå ihop', { exact: true }).last().click();
      await page.waitForTimeout(200);
    },
  },
  {
    name: 'bulk-result-en',
    scenario: 'refusing',
    lang: 'en',
    theme: 'dark',
    act: async (page) => {
      await to('duplicates', 'l')(page);
      await page.waitForTimeout(500);
      await page.getByText('Reject', { exact: true }).last().click();
      await page.getByRole('button', { name: /Reject \d+ case/ }).click();
      await page.waitForTimeout(900);
    },
  },
  { name: 'history', scenario: 'waiting', act: history('j') },
  {
    name: 'history-many-dark-en',
    scenario: 'many',
    theme: 'dark',
    lang: 'en',
    act: history('j', 'j'),
  },
  { name: 'history-large', scenario: 'long', size: 'large', lang: 'en', act: history('j') },
  {
    name: 'history-undo',
    scenario: 'waiting',
    lang: 'en',
    act: history('j', 'u'),
  },
  {
    name: 'history-export',
    scenario: 'waiting',
    act: async (page) => (await to('duplicates', 'h', 'e')(page), page.waitForTimeout(400)),
  },
  { name: 'sent', scenario: 'away', act: to('duplicates', 'o') },
  { name: 'sent-dark-en', scenario: 'away', theme: 'dark', lang: 'en', act: to('duplicates', 'o') },
  { name: 'history-empty', scenario: 'empty', lang: 'en', act: to('duplicates', 'h') },
  { name: 'held', scenario: 'waiting', act: to('held') },
  { name: 'held-many-dark-en', scenario: 'many', theme: 'dark', lang: 'en', act: to('held', 'End') },
  { name: 'held-large', scenario: 'long', size: 'large', lang: 'en', act: to('held') },
  { name: 'held-empty', scenario: 'empty', act: to('held') },
  {
    name: 'held-confirm',
    scenario: 'waiting',
    lang: 'en',
    act: async (page) => (await to('held', 'a')(page), page.waitForTimeout(400)),
  },
  { name: 'rejected', scenario: 'waiting', act: to('rejected', 'j') },
  {
    name: 'rejected-many-dark-en',
    scenario: 'many',
    theme: 'dark',
    lang: 'en',
    act: to('rejected', 'j', 'j', 'j'),
  },
  { name: 'rejected-large', scenario: 'long', size: 'large', act: to('rejected') },
  { name: 'rejected-empty', scenario: 'empty', lang: 'en', act: to('rejected') },
];
