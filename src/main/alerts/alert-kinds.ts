import type { AlertKindName } from '../../shared/contract/alerts.ts';
import type { AlertKind } from './alert-event.ts';
import { budgetLow } from './budget-low.ts';
import { databaseAway } from './database-away.ts';
import { duplicateWaiting } from './duplicate-waiting.ts';
import { modeSwitched } from './mode-switched.ts';
import { otherAlert } from './other-alert.ts';
import { packageHealth } from './package-health.ts';
import { queueFellBack } from './queue-fell-back.ts';
import { removalsHeld } from './removals-held.ts';
import { syncStalled } from './sync-stalled.ts';
import { taskParked } from './task-parked.ts';
import { upstreamRefusing } from './upstream-refusing.ts';

/** All that can notify anyone. */
export const alertKinds: Readonly<Record<AlertKindName, AlertKind>> = {
  mode: modeSwitched,
  'queue-fell-back': queueFellBack,
  'duplicate-waiting': duplicateWaiting,
  'removals-held': removalsHeld,
  'sync-stalled': syncStalled,
  'upstream-refusing': upstreamRefusing,
  'database-away': databaseAway,
  'budget-low': budgetLow,
  'package-health': packageHealth,
  'task-parked': taskParked,
  other: otherAlert,
};
