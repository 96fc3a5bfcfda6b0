import type { RuleConditions, RuleDraft } from '../../../src/shared/contract/rules.ts';
import { saveRule } from '../../../src/main/deals/rules/change-rules.ts';
import { runRules } from '../../../src/main/deals/rules/run-rules.ts';
import type { Lead } from '../../../src/main/sandbox/adversus/records.ts';
import { ann, ben, decider, minute } from '../decision-steps.ts';
import type { PassOffice } from '../pass-office.ts';

/** Conditions that ask nothing. */
export const anyCase: RuleConditions = {
  differsOnlyIn: null,
  agents: null,
  campaigns: null,
  commissionApartAtLeast: null,
  commissionApartAtMost: null,
  weekdays: null,
  waitedMinutes: null,
};

export const draft = (more: Partial<RuleDraft> = {}): RuleDraft => ({
  name: 'Ben takes over',
  conditions: anyCase,
  action: 'replace',
  ...more,
});

export const make = (at: PassOffice, more: Partial<RuleDraft> = {}) =>
  saveRule(decider(at), draft(more), null);

export const round = (at: PassOffice) => runRules(decider(at));

/** Lets a rule act without the comparison that a person's switch asks for. */
export const letAct = (at: PassOffice, id: number) =>
  at.database.query(
    `update duplicate_rules set state = 'acting', acting_since = $2, version = version + 1 where id = $1`,
    [id, at.clock.now()],
  );

/** So many leads of Ann's that then go to Ben, each a case. */
export async function queueCases(at: PassOffice, count: number): Promise<Lead[]> {
  const leads = Array.from({ length: count }, (_, n) =>
    at.vendor.state.addLead({
      ...{ agentId: ann, commission: String(100 + n), multiDeals: '1' },
      orderDate: new Date(`2026-11-16T08:${String(n).padStart(2, '0')}:00Z`),
    }),
  );
  await at.window();
  at.pass(minute);
  for (const lead of leads) at.vendor.state.patchLead(lead.id, { agentId: ben });
  await at.window();
  at.pass(minute);
  return leads;
}
