import type { Page } from 'playwright';
import { to, type Shot } from './shot.ts';

const openLog =
  (...more: ((page: Page) => Promise<void>)[]) =>
  async (page: Page): Promise<void> => {
    await to('system')(page);
    await page.getByRole('tab', { name: /^Logg?$/ }).click();
    await page.waitForTimeout(400);
    for (const act of more) await act(page);
  };
const choose =
  (text: string) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('row').filter({ hasText: text }).last().click();
    await page.waitForTimeout(200);
  };
const diagnostics =
  (...buttons: string[]) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: /^Diagnosti/ }).click();
    await page.waitForTimeout(700);
    for (const name of buttons) {
      await page.getByRole('button', { name, exact: true }).click();
      await page.waitForTimeout(500);
    }
  };

/** The log and the diagnostics file. */
export const systemShots: Shot[] = [
  { name: 'syslog', scenario: 'ordinary', act: openLog(choose('Pass failed')) },
  {
    name: 'syslog-many-large-dark-en',
    scenario: 'many',
    size: 'large',
    theme: 'dark',
    lang: 'en',
    act: openLog(choose('Pass failed')),
  },
  { name: 'syslog-damaged-dark', scenario: 'ordinary', theme: 'dark', act: openLog(choose('time":"2026')) },
  { name: 'syslog-long-en', scenario: 'long', lang: 'en', act: openLog(choose('Window')) },
  { name: 'syslog-three-en', scenario: 'three', lang: 'en', act: openLog() },
  { name: 'syslog-empty', scenario: 'empty', act: openLog() },
  { name: 'syslog-slow', scenario: 'slow', act: openLog() },
  {
    name: 'syslog-nothing-en',
    scenario: 'ordinary',
    lang: 'en',
    act: openLog(async (page) => {
      await page.keyboard.press('/');
      await page.keyboard.type('no such word');
      await page.waitForTimeout(900);
    }),
  },
  { name: 'syslog-diagnostics', scenario: 'ordinary', act: openLog(diagnostics()) },
  {
    name: 'syslog-diagnostics-away-dark-en',
    scenario: 'away',
    theme: 'dark',
    lang: 'en',
    act: openLog(diagnostics()),
  },
  { name: 'syslog-diagnostics-saved-en', scenario: 'three', lang: 'en', act: openLog(diagnostics('Save…')) },
];
