import {
  comparedDays,
  leastCompared,
  type RuleDraft,
  type RuleSwitch,
} from '../../../shared/contract/rules.ts';
import { OpsdeckError } from '../../errors.ts';
import type { Transaction } from '../../storage/postgres.ts';
import { appendAudit } from '../../system/audit.ts';
import { appendChange } from '../../system/change-log.ts';
import type { DecisionDeps } from '../resolve-duplicate.ts';
import { sumUp } from './agreement.ts';
import * as store from './rules-store.ts';
import type { StoredRule } from './rules-store.ts';

interface Looked {
  id: number;
  /** The version that the person looked at. */
  version: number;
}

/** Makes a rule in shadow, or changes one, which begins anew in shadow. CONFLICT when another has its name. */
export function saveRule(deps: DecisionDeps, draft: RuleDraft, of: Looked | null): Promise<Looked> {
  return deps.database.transaction(async (tx) => {
    const before = of && (await lockLooked(tx, of));
    const now = deps.clock.now();
    if (await store.nameTaken(tx, draft.name, of?.id ?? null))
      throw new OpsdeckError(
        'CONFLICT',
        `There is a rule "${draft.name}" already. Give this one another name.`,
      );
    if (of) await store.rewriteRule(tx, of.id, draft, now);
    const id = of?.id ?? (await store.insertRule(tx, draft, { actor: deps.actor, now }));
    await tell(tx, deps, { id, action: of ? 'rule.change' : 'rule.make', before, after: draft });
    return { id, version: of ? of.version + 1 : 1 };
  });
}

/**
 * Switches a rule. To act it must have been compared with people in enough cases since it stands as it is, and be named
 * by who lets it: BAD_REQUEST otherwise. CONFLICT when it was changed since it was looked at. What the person relied on
 * stays in the audit log.
 */
export function switchRule(deps: DecisionDeps, asked: RuleSwitch): Promise<Looked> {
  return deps.database.transaction(async (tx) => {
    const rule = await lockLooked(tx, asked);
    const now = deps.clock.now();
    const relied = asked.to === 'acting' ? await reliedOn(tx, rule, asked.name, now) : {};
    await store.setState(tx, rule.id, { state: asked.to, now });
    const [before, after] = [{ state: rule.state }, { state: asked.to, ...relied }];
    await tell(tx, deps, { id: rule.id, action: 'rule.switch', before, after });
    return { id: rule.id, version: rule.version + 1 };
  });
}

/** Removes a rule and what it recorded. What it decided stays, signed with its name. */
export function removeRule(deps: DecisionDeps, looked: Looked): Promise<void> {
  return deps.database.transaction(async (tx) => {
    const before = await lockLooked(tx, looked);
    await store.deleteRule(tx, looked.id);
    await tell(tx, deps, { id: looked.id, action: 'rule.remove', before, after: null });
  });
}

async function lockLooked(tx: Transaction, looked: Looked): Promise<StoredRule> {
  const rule = await store.lockRule(tx, looked.id, 'update');
  if (!rule) throw new OpsdeckError('NOT_FOUND', 'This rule is not there any more.');
  if (rule.version !== looked.version)
    throw new OpsdeckError('CONFLICT', `Rule "${rule.name}" was changed meanwhile. Look at it again.`);
  return rule;
}

/** With what agreement a rule is let act. */
async function reliedOn(tx: Transaction, rule: StoredRule, named: string, now: Date) {
  if (named.trim() !== rule.name)
    throw new OpsdeckError(
      'BAD_REQUEST',
      `To let a rule act, write its name as it is: "${rule.name}". Nothing was switched.`,
    );
  const since = new Date(now.getTime() - comparedDays * 86_400_000);
  const verdicts = await store.listVerdicts(tx, { ruleId: rule.id, since, limit: null });
  const { compared, agreed } = sumUp(rule.action, verdicts);
  if (compared >= leastCompared) return { compared, agreed };
  throw new OpsdeckError(
    'BAD_REQUEST',
    `Rule "${rule.name}" was compared with people in ${compared} cases of the last ${comparedDays} days, and needs ${leastCompared} before it may act. Leave it in shadow until then.`,
  );
}

async function tell(
  tx: Transaction,
  deps: DecisionDeps,
  done: { id: number; action: string; before: unknown; after: unknown },
): Promise<void> {
  await appendAudit(tx, {
    ...{ at: deps.clock.now(), actor: deps.actor, console: deps.console, action: done.action },
    ...{ target: `rule:${done.id}`, before: done.before, after: done.after },
  });
  await appendChange(tx, 'rules', {});
}
