import type { Change } from '../shared/contract/changes.ts';
import type { StreamEvent } from '../shared/contract/system.ts';

/** One thing that a screen holds and can fetch again. */
export type Topic =
  | 'today'
  | 'leaderboard'
  | 'fair'
  | 'sync'
  | 'runs'
  | 'held'
  | 'heldDeals'
  | 'duplicates'
  | 'case'
  | 'claims'
  | 'history'
  | 'rules'
  | 'rejected'
  | 'office'
  | 'system'
  | 'wallWindow'
  | 'outbox'
  | 'health'
  | 'httpApi'
  | 'mode'
  | 'accounts'
  | 'tasks'
  | 'packages'
  | 'packageLists'
  | 'schedules';

export const allTopics: readonly Topic[] = [
  'system',
  'today',
  'leaderboard',
  'fair',
  'sync',
  'runs',
  'held',
  'heldDeals',
  'duplicates',
  'case',
  'claims',
  'history',
  'rules',
  'rejected',
  'office',
  'wallWindow',
  'outbox',
  'health',
  'httpApi',
  'mode',
  'accounts',
  'tasks',
  'packages',
  'packageLists',
  'schedules',
];

/**
 * Which topics a change of each kind touches. Today's totals count what waits, so those touch today too; what a
 * decision would do depends on every deal on the board.
 */
const topicsOfKind: Readonly<Record<Change['kind'], readonly Topic[]>> = {
  deals: ['today', 'leaderboard', 'case'],
  sms: ['today', 'leaderboard'],
  agents: ['today', 'leaderboard', 'duplicates', 'case', 'history', 'heldDeals'],
  duplicates: ['duplicates', 'case', 'history', 'today', 'claims', 'rules'],
  claims: ['claims'],
  rules: ['rules'],
  held: ['held', 'heldDeals', 'today', 'packages'],
  rejected: ['rejected', 'today'],
  packages: ['packages', 'packageLists'],
  // Also who sold for the first time, which no record of the past tells.
  run: ['sync', 'runs', 'packages', 'fair'],
  settings: ['office', 'today', 'leaderboard', 'fair', 'sync', 'schedules'],
  health: ['health'],
  mode: ['mode'],
  accounts: ['accounts', 'tasks'],
  restored: allTopics,
  unknown: allTopics,
};

/** What to fetch again after an event of the stream. A kind this program does not know touches everything. */
export function whatChanged(event: StreamEvent): readonly Topic[] {
  switch (event.type) {
    case 'status':
      return ['system', 'sync', 'health', 'mode'];
    case 'reload':
      return allTopics;
    case 'day':
      return ['today', 'leaderboard', 'fair', 'system'];
    case 'wall':
      return ['wallWindow'];
    case 'http':
      return ['httpApi'];
    case 'outbox':
      return ['outbox', 'duplicates', 'today', 'accounts'];
    case 'spool':
      return ['today', 'sync'];
    case 'health':
      return ['health'];
    case 'open':
      return [];
    case 'change':
      return topicsOfKind[event.change.kind];
  }
}
