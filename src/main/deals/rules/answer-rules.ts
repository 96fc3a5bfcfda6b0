import { comparedDays, type RuleCase, type RuleView } from '../../../shared/contract/rules.ts';
import type { Operations } from '../../operations.ts';
import type { Queryable } from '../../storage/postgres.ts';
import { compareVerdict, sumUp } from './agreement.ts';
import { listNames, listRules, listVerdicts } from './rules-store.ts';

/** Cases that are listed of a rule. */
const mostCases = 200;

/** Every rule with how it did over the last 30 days, and what conditions may name. */
export async function list(operations: Operations) {
  const { database } = operations.workspace;
  const [rules, names] = await Promise.all([viewRules(database, since(operations)), listNames(database)]);
  return { rules, ...names };
}

/** Every rule with its figures since an instant. */
export async function viewRules(db: Queryable, from: Date): Promise<RuleView[]> {
  const [rules, verdicts] = await Promise.all([
    listRules(db),
    listVerdicts(db, { ruleId: null, since: from, limit: null }),
  ]);
  return rules.map((rule) => ({
    ...{ id: rule.id, version: rule.version, name: rule.name, state: rule.state, action: rule.action },
    conditions: rule.conditions,
    created_by: rule.createdBy,
    changed_at: rule.changedAt.toISOString(),
    acting_since: rule.actingSince?.toISOString() ?? null,
    stopped: rule.stoppedAt && { at: rule.stoppedAt.toISOString(), why: rule.stoppedWhy ?? '' },
    figures: sumUp(
      rule.action,
      verdicts.filter((verdict) => verdict.ruleId === rule.id),
    ),
  }));
}

/** The cases in which a rule and people can be compared, newest first; none for one that is not there. */
export async function cases(operations: Operations, id: number): Promise<RuleCase[]> {
  const { database } = operations.workspace;
  const rule = (await listRules(database)).find((one) => one.id === id);
  if (!rule) return [];
  const verdicts = await listVerdicts(database, { ruleId: id, since: since(operations), limit: mostCases });
  return verdicts.map((verdict) => compareVerdict(rule.action, verdict));
}

function since(operations: Operations): Date {
  return new Date(operations.workspace.passes.clock.now().getTime() - comparedDays * 86_400_000);
}
