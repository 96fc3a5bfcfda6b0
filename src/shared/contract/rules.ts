import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';
import { duplicateAction, duplicateField, duplicateResolution } from './duplicates.ts';

const count = z.number().int().nonnegative();
const id = z.number().int();
const version = z.number().int();

/** When a rule fits a case. All that is given has to hold; null asks nothing. A case without an earlier deal fits none. */
export const ruleConditions = z.object({
  /** The sides differ in nothing but these. */
  differsOnlyIn: z.array(duplicateField).min(1).nullable(),
  /** The new side's agent is one of these, by the vendor's id. */
  agents: z.array(z.number().int()).min(1).max(200).nullable(),
  /** The new side's campaign is one of these. */
  campaigns: z.array(z.string().max(200)).min(1).max(200).nullable(),
  /** How far the commissions lie apart, whichever is higher; none counts as 0. */
  commissionApartAtLeast: z.number().min(0).max(999_999_999).nullable(),
  commissionApartAtMost: z.number().min(0).max(999_999_999).nullable(),
  /** The new order date lies on one of these days of the office's week; 1 is Monday. */
  weekdays: z.array(z.number().int().min(1).max(7)).min(1).nullable(),
  /** The case has waited so long. */
  waitedMinutes: z.number().int().min(1).max(100_000).nullable(),
});
export type RuleConditions = z.infer<typeof ruleConditions>;

/** A rule as a person writes it. A merge takes over what it does by default. */
export const ruleDraft = z.object({
  name: z.string().trim().min(1).max(60),
  conditions: ruleConditions,
  action: duplicateAction,
});
export type RuleDraft = z.infer<typeof ruleDraft>;

export const ruleState = z.enum(['off', 'shadow', 'acting']);
export type RuleState = z.infer<typeof ruleState>;

/** What a rule is switched to; to let it act, its name as the person wrote it, so that none acts by a slip. */
export const ruleSwitch = z.discriminatedUnion('to', [
  z.object({ id, version, to: z.enum(['off', 'shadow']) }),
  z.object({ id, version, to: z.literal('acting'), name: z.string().max(60) }),
]);
export type RuleSwitch = z.infer<typeof ruleSwitch>;

/** Cases that a rule must have been compared in with people before it may act. */
export const leastCompared = 5;
/** Office days over which a rule is compared with people. */
export const comparedDays = 30;

export const ruleView = ruleDraft.extend({
  id,
  version,
  state: ruleState,
  created_by: z.string(),
  /** Since when it stands as it is. */
  changed_at: instant,
  acting_since: instant.nullable(),
  /** It stopped by itself, and why; null where it did not, or acts again. */
  stopped: z.object({ at: instant, why: z.string() }).nullable(),
  /** Of the last 30 days: cases that people decided too, how many of them alike; what still waits; what it decided itself. */
  figures: z.object({ compared: count, agreed: count, waiting: count, acted: count, undone: count }),
});
export type RuleView = z.infer<typeof ruleView>;

/** One case in which a rule and a person can be compared. */
export const ruleCase = z.object({
  duplicate_id: id,
  lead_id: z.string(),
  at: instant,
  /** Null: still open, withdrawn, or decided by a rule. */
  decided: z.object({ resolution: duplicateResolution, by: z.string(), at: instant }).nullable(),
  /** Whether the person decided as the rule would have; null where nobody did. */
  agrees: z.boolean().nullable(),
  acted: z.boolean(),
  undone: z.boolean(),
});
export type RuleCase = z.infer<typeof ruleCase>;

export const rulesContract = {
  /** Every rule, and the agents and campaigns that conditions may name. */
  list: oc.output(
    z.object({
      rules: z.array(ruleView),
      agents: z.array(z.object({ user_id: z.number().int(), name: z.string() })),
      campaigns: z.array(z.object({ id: z.string(), name: z.string() })),
    }),
  ),
  /** Makes a rule, or changes one, which puts it back into shadow with nothing recorded. */
  save: oc
    .input(z.object({ draft: ruleDraft, of: z.object({ id, version }).nullable() }))
    .output(z.object({ id, version })),
  /** `acting` only for one that was compared with people, by a person who writes its name once more. */
  switch: oc.input(ruleSwitch).output(z.object({ id, version })),
  remove: oc.input(z.object({ id, version })).output(z.object({ removed: z.literal(true) })),
  /** The cases of the last 30 days, newest first, at most 200. */
  cases: oc.input(z.object({ id })).output(z.array(ruleCase)),
};
