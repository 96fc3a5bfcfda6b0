import type { Shot } from './shot.ts';

const large = { wall: true, size: 'large' } as const;

/** The wall's slides, as they are seen from across a room. */
export const wallSlideShots: Shot[] = [
  { name: 'slide-week', scenario: 'week', ...large },
  { name: 'slide-week-huge-dark-en', scenario: 'week', wall: true, size: 'huge', theme: 'dark', lang: 'en' },
  { name: 'slide-groups', scenario: 'groups', ...large, theme: 'dark' },
  { name: 'slide-commission', scenario: 'commission', ...large, lang: 'en' },
  { name: 'slide-conversion', scenario: 'conversion', ...large, theme: 'dark' },
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
  { name: 'slide-rehearsal', scenario: 'rehearsal', ...large, theme: 'dark', lang: 'en' },
];
