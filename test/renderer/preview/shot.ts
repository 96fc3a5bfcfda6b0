import type { Page } from 'playwright';
import { screens, type Screen } from '../../../src/renderer/navigation.ts';

export const sizes = {
  small: { width: 1280, height: 800 },
  large: { width: 1920, height: 1080 },
  huge: { width: 3840, height: 2160 },
  upright: { width: 1080, height: 1920 },
} as const;

/** One picture: a scenario, how it is looked at, and what is done before. */
export interface Shot {
  name: string;
  scenario: string;
  size?: keyof typeof sizes;
  theme?: 'light' | 'dark';
  lang?: 'sv' | 'en';
  /** The wall's page instead of the console's. */
  wall?: true;
  act?: (page: Page) => Promise<void>;
}

export const press =
  (...keys: string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(150);
    }
  };

/** Goes to a screen by its place in the rail, then presses keys there. */
export const to =
  (screen: Screen, ...keys: string[]) =>
  async (page: Page): Promise<void> => {
    await page.locator('nav button').nth(screens.indexOf(screen)).click();
    await page.waitForTimeout(150);
    await press(...keys)(page);
  };
