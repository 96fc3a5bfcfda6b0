import type { SyncState } from '../../shared/contract/sync.ts';
import { adversusLimits, type BudgetState } from '../upstream/call-budget.ts';

/** What is left of the vendor's calls, as windows are told. */
export function budgetView(budget: BudgetState): SyncState['budget'] {
  return {
    per_hour: adversusLimits.perHour,
    per_minute: adversusLimits.perMinute,
    left_hour: budget.leftHour,
    left_minute: budget.leftMinute,
    in_flight: budget.inFlight,
    forecast_hour: budget.forecastHour,
    blocked_until: budget.blockedUntil?.toISOString() ?? null,
  };
}
