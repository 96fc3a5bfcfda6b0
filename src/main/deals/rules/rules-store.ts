import { ruleConditions, ruleDraft, type RuleDraft, type RuleState } from '../../../shared/contract/rules.ts';
import type { DuplicateResolution } from '../../../shared/contract/duplicates.ts';
import type { Queryable, Transaction } from '../../storage/postgres.ts';
import { blockOfCases } from '../cases-store.ts';

/** A rule as it is stored. */
export interface StoredRule extends RuleDraft {
  id: number;
  state: RuleState;
  version: number;
  createdBy: string;
  changedAt: Date;
  actingSince: Date | null;
  stoppedAt: Date | null;
  stoppedWhy: string | null;
}

type RuleRow = Omit<StoredRule, 'conditions'> & { conditions: unknown };

const ruleColumns = `id, name, state, conditions, action, version, created_by as "createdBy", changed_at as "changedAt",
  acting_since as "actingSince", stopped_at as "stoppedAt", stopped_why as "stoppedWhy"`;

/** All rules in the order in which they are asked. One whose conditions this program cannot read is left out. */
export async function listRules(db: Queryable): Promise<StoredRule[]> {
  const found = await db.query<RuleRow>(`select ${ruleColumns} from duplicate_rules order by id`);
  return found.rows.flatMap(readRule);
}

/** A rule, held until the transaction ends: for a change, or so that nobody changes it while it acts. */
export async function lockRule(
  tx: Transaction,
  id: number,
  strength: 'update' | 'share',
): Promise<StoredRule | null> {
  const found = await tx.query<RuleRow>(
    `select ${ruleColumns} from duplicate_rules where id = $1 for ${strength === 'update' ? 'update' : 'share'}`,
    [id],
  );
  return found.rows.flatMap(readRule)[0] ?? null;
}

function readRule(row: RuleRow): StoredRule[] {
  const conditions = ruleConditions.safeParse(row.conditions);
  return conditions.success ? [{ ...row, conditions: conditions.data }] : [];
}

export async function insertRule(
  tx: Transaction,
  draft: RuleDraft,
  by: { actor: string; now: Date },
): Promise<number> {
  const { name, conditions, action } = ruleDraft.parse(draft);
  const made = await tx.query<{ id: number }>(
    `insert into duplicate_rules (name, conditions, action, created_at, created_by, changed_at)
     values ($1, $2, $3, $4, $5, $4) returning id`,
    [name, JSON.stringify(conditions), action, by.now, by.actor],
  );
  return made.rows[0]!.id;
}

/** Whether another rule has this name, in whatever case. */
export async function nameTaken(db: Queryable, name: string, except: number | null): Promise<boolean> {
  const found = await db.query(
    'select 1 from duplicate_rules where lower(name) = lower($1) and id is distinct from $2',
    [name, except],
  );
  return found.rows.length > 0;
}

/** A changed rule is another one: it begins in shadow, with nothing recorded. */
export async function rewriteRule(tx: Transaction, id: number, draft: RuleDraft, now: Date): Promise<void> {
  await tx.query('delete from rule_verdicts where rule_id = $1', [id]);
  await tx.query(
    `update duplicate_rules
        set name = $2, conditions = $3, action = $4, state = 'shadow', changed_at = $5, acting_since = null,
            stopped_at = null, stopped_why = null, version = version + 1
      where id = $1`,
    [id, draft.name, JSON.stringify(draft.conditions), draft.action, now],
  );
}

export async function setState(
  tx: Transaction,
  id: number,
  to: { state: RuleState; now: Date; stoppedWhy?: string },
): Promise<void> {
  await tx.query(
    `update duplicate_rules
        set state = $2, acting_since = case when $2 = 'acting' then $3::timestamptz end,
            stopped_at = case when $4::text is not null then $3::timestamptz end, stopped_why = $4,
            version = version + 1
      where id = $1`,
    [id, to.state, to.now, to.stoppedWhy ?? null],
  );
}

export async function deleteRule(tx: Transaction, id: number): Promise<void> {
  await tx.query('delete from duplicate_rules where id = $1', [id]);
}

/**
 * Open cases of some blocks that a rule still has to look at, oldest first, after one: in shadow those without its verdict, acting those
 * that it did not decide. `decidedBefore`: a person or a rule has decided this case, so it is a person's for good.
 */
export async function unjudged(
  db: Queryable,
  rule: Pick<StoredRule, 'id' | 'state'>,
  among: { after: number; blocks: readonly number[]; limit: number },
): Promise<{ id: number; version: number; decidedBefore: boolean }[]> {
  const found = await db.query<{ id: number; version: number; decidedBefore: boolean }>(
    `select p.id, p.version, exists (select from audit_log a where a.target = 'duplicate:' || p.id) as "decidedBefore"
       from pending_duplicates p
      where p.status = 'pending' and p.id > $2 and p.id / ${blockOfCases} = any ($5::bigint[])
        and not exists (select from rule_verdicts v
                         where v.rule_id = $1 and v.duplicate_id = p.id and v.case_version = p.version
                           and (v.acted or $4::boolean))
      order by p.id limit $3`,
    [rule.id, among.after, among.limit, rule.state === 'shadow', among.blocks],
  );
  return found.rows;
}

/** Records what a rule would decide of these cases, each version once. */
export async function recordVerdicts(
  db: Queryable,
  ruleId: number,
  cases: readonly { id: number; version: number }[],
  as: { now: Date; acted: boolean },
): Promise<void> {
  await db.query(
    `insert into rule_verdicts (rule_id, duplicate_id, case_version, at, acted)
     select $1, c.id, c.version, $4, $5 from unnest($2::bigint[], $3::int[]) as c (id, version)
      where exists (select from pending_duplicates p where p.id = c.id)
        and exists (select from duplicate_rules r where r.id = $1)
     on conflict (rule_id, duplicate_id, case_version) do update set acted = true where excluded.acted`,
    [ruleId, cases.map((one) => one.id), cases.map((one) => one.version), as.now, as.acted],
  );
}

/** Cases of a rule's own decisions that somebody took back since. */
export async function countUndone(db: Queryable, ruleId: number, since: Date): Promise<number> {
  const found = await db.query<{ count: number }>(
    `select count(*)::int as count from rule_verdicts v
      where v.rule_id = $1 and v.acted
        and exists (select from audit_log u where u.target = 'duplicate:' || v.duplicate_id
                       and u.action = 'duplicate.undo' and u.at >= $2)`,
    [ruleId, since],
  );
  return found.rows[0]!.count;
}

/** One verdict beside what became of the case. */
export interface VerdictRow {
  ruleId: number;
  duplicateId: number;
  leadId: string;
  at: Date;
  caseVersion: number;
  acted: boolean;
  undone: boolean;
  status: 'pending' | 'resolved' | 'withdrawn';
  version: number;
  resolution: DuplicateResolution | null;
  resolvedBy: string | null;
  resolvedAt: Date | null;
  mergedFields: string[] | null;
  /** A rule closed this version. */
  byRule: boolean;
}

/** Verdicts since an instant, newest first; of one rule, or of all. */
export async function listVerdicts(
  db: Queryable,
  asked: { ruleId: number | null; since: Date; limit: number | null },
): Promise<VerdictRow[]> {
  const found = await db.query<VerdictRow>(
    `select v.rule_id as "ruleId", v.duplicate_id as "duplicateId", p.lead_id as "leadId", v.at,
            v.case_version as "caseVersion", v.acted, p.status, p.version, p.resolution,
            p.resolved_by as "resolvedBy", p.resolved_at as "resolvedAt", p.merged_fields as "mergedFields",
            v.acted and exists (select from audit_log u where u.target = 'duplicate:' || v.duplicate_id
                                   and u.action = 'duplicate.undo') as undone,
            exists (select from rule_verdicts o where o.duplicate_id = v.duplicate_id
                       and o.case_version = p.version - 1 and o.acted) as "byRule"
       from rule_verdicts v join pending_duplicates p on p.id = v.duplicate_id
      where ($1::bigint is null or v.rule_id = $1) and v.at >= $2
      order by v.at desc, v.duplicate_id desc limit $3`,
    [asked.ruleId, asked.since, asked.limit],
  );
  return found.rows;
}

/** Agents and campaigns by name, for conditions. */
export async function listNames(db: Queryable) {
  const agents = await db.query<{ user_id: number; name: string }>(
    `select user_id, coalesce(name, 'Agent ' || user_id) as name from agents order by 2`,
  );
  const campaigns = await db.query<{ id: string; name: string }>(
    'select id, coalesce(name, id) as name from campaigns order by 2',
  );
  return { agents: agents.rows, campaigns: campaigns.rows };
}
