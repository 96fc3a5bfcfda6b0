import { dayOf } from '../../../shared/business-day.ts';
import type { DuplicateField } from '../../../shared/contract/duplicates.ts';
import type { RuleConditions } from '../../../shared/contract/rules.ts';
import { differingFields, type DealContent } from '../compare-sides.ts';

/** What a rule looks at of a case. */
export interface JudgedCase {
  /** Null: the deal it was compared with is gone. */
  existing: DealContent | null;
  incoming: DealContent;
  detectedAt: Date;
}

/** Whether all conditions hold for a case. One without an earlier deal is always a person's. */
export function fits(
  conditions: RuleConditions,
  found: JudgedCase,
  at: { now: Date; zone: string },
): boolean {
  const { existing, incoming } = found;
  if (!existing) return false;
  const apart = Math.abs(cents(incoming) - cents(existing));
  const waitedMs = at.now.getTime() - found.detectedAt.getTime();
  return (
    holds(conditions.differsOnlyIn, (only) => isWithin(differingFields(existing, incoming, at.zone), only)) &&
    holds(conditions.agents, (agents) => agents.includes(incoming.userId)) &&
    holds(
      conditions.campaigns,
      (campaigns) => incoming.campaignId !== null && campaigns.includes(incoming.campaignId),
    ) &&
    holds(conditions.commissionApartAtLeast, (least) => apart >= Math.round(least * 100)) &&
    holds(conditions.commissionApartAtMost, (most) => apart <= Math.round(most * 100)) &&
    holds(conditions.weekdays, (days) => days.includes(weekday(incoming.orderDate, at.zone))) &&
    holds(conditions.waitedMinutes, (minutes) => waitedMs >= minutes * 60_000)
  );
}

/** A condition that is not given holds. */
function holds<T>(condition: T | null, ask: (condition: T) => boolean): boolean {
  return condition === null || ask(condition);
}

const isWithin = (fields: readonly DuplicateField[], allowed: readonly DuplicateField[]) =>
  fields.every((field) => allowed.includes(field));

const cents = (deal: DealContent) => Math.round(Number(deal.commission ?? 0) * 100);

/** The day of the office's week, 1 for Monday. */
function weekday(instant: Date, zone: string): number {
  return new Date(`${dayOf(instant, zone)}T00:00:00Z`).getUTCDay() || 7;
}
