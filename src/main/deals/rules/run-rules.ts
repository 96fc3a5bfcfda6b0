import { OpsdeckError } from '../../errors.ts';
import { appendAudit } from '../../system/audit.ts';
import { appendChange } from '../../system/change-log.ts';
import { raiseHealthEvent } from '../../system/health-events.ts';
import { existingOf, incomingOf } from '../answer-duplicates.ts';
import { casesByIds, openCaseMarks, type CaseRow } from '../cases-store.ts';
import { decideCase, type DecisionDeps } from '../resolve-duplicate.ts';
import { fits } from './judge-case.ts';
import * as store from './rules-store.ts';
import type { StoredRule } from './rules-store.ts';

/** A rule stops by itself when so many of its decisions were taken back within so many days. */
export const mostUndone = 2;
const undoneDays = 7;
const dayMs = 86_400_000;
/** Cases looked at a time. */
const page = 500;

export type RuleDeps = Omit<DecisionDeps, 'actor'>;

/** How a rule signs what it decides. */
export const ruleActor = (rule: Pick<StoredRule, 'name'>) => `rule: ${rule.name}`;

/** What each rule was asked of in earlier rounds, so that one round does not look again at what did not move. */
export type LookedAt = Map<number, { as: string; at: number; marks: ReadonlyMap<number, string> }>;
/** A rule that waits for a case's age looks at all of them again so often, in ms. */
const agedMs = 60_000;

/**
 * One round over the open cases. In shadow a rule only records which it would decide; an acting one decides each that it
 * fits, as a person would, unless somebody decided that case before. Rules are asked in their order, and the first that
 * acts has the case. Answers how many were decided. `signal` ends it between two cases. `looked` is kept from round to round;
 * a new one looks at every case.
 */
export async function runRules(
  deps: RuleDeps,
  signal?: AbortSignal,
  looked: LookedAt = new Map(),
): Promise<number> {
  let decided = 0;
  const rules = (await store.listRules(deps.database)).filter((rule) => rule.state !== 'off');
  if (rules.length === 0) return 0;
  const marks = await openCaseMarks(deps.database);
  for (const rule of rules) {
    if (rule.state === 'acting' && (await stopIfUndone(deps, rule))) continue;
    const blocks = movedBlocks(deps, rule, marks, looked);
    for (let after = 0; blocks.length > 0;) {
      signal?.throwIfAborted();
      const open = await store.unjudged(deps.database, rule, { after, blocks, limit: page });
      const fitting = await findFitting(deps, rule, open);
      if (rule.state === 'shadow')
        await store.recordVerdicts(deps.database, rule.id, fitting, { now: deps.clock.now(), acted: false });
      else
        for (const one of fitting) {
          signal?.throwIfAborted();
          // Its version tells whether anybody decided it since it was read.
          if (!one.decidedBefore && (await act(deps, rule, one))) decided += 1;
        }
      const last = open.at(-1);
      if (open.length < page || !last) break;
      after = last.id;
    }
    // As they were before the look: what moved meanwhile is looked at again.
    const at = looked.get(rule.id)?.at;
    const isAll = blocks.length === marks.size || at === undefined;
    looked.set(rule.id, { as: lookedAs(deps, rule), at: isAll ? deps.clock.now().getTime() : at, marks });
  }
  return decided;
}

const lookedAs = (deps: RuleDeps, rule: StoredRule) => `${rule.version} ${rule.state} ${deps.timeZone}`;

/** The blocks of open cases in which something moved since this rule looked; all of them where time alone may change it. */
function movedBlocks(
  deps: RuleDeps,
  rule: StoredRule,
  marks: ReadonlyMap<number, string>,
  looked: LookedAt,
): number[] {
  const before = looked.get(rule.id);
  const isDue =
    rule.conditions.waitedMinutes !== null &&
    Math.abs(deps.clock.now().getTime() - (before?.at ?? 0)) >= agedMs;
  const all = [...marks.keys()];
  if (before?.as !== lookedAs(deps, rule) || isDue) return all;
  return all.filter((block) => before.marks.get(block) !== marks.get(block));
}

type OpenCase = Awaited<ReturnType<typeof store.unjudged>>[number];

async function findFitting(deps: RuleDeps, rule: StoredRule, open: readonly OpenCase[]): Promise<OpenCase[]> {
  const ids = open.map((one) => one.id);
  const rows = new Map((await casesByIds(deps.database, ids)).map((row) => [row.id, row]));
  const at = { now: deps.clock.now(), zone: deps.timeZone };
  return open.filter((one) => {
    const row = rows.get(one.id);
    return row?.version === one.version && fits(rule.conditions, sidesOf(row), at);
  });
}

/** Decides one case in the rule's place; false where somebody was quicker, or the rule may not any more. */
async function act(deps: RuleDeps, rule: StoredRule, found: OpenCase): Promise<boolean> {
  try {
    return await deps.database.transaction(async (tx) => {
      // Held until COMMIT: whoever switches it off knows that nothing of it comes after.
      const still = await store.lockRule(tx, rule.id, 'share');
      if (still?.state !== 'acting' || still.version !== rule.version) return false;
      if ((await undoneOf(tx, still, deps)) >= mostUndone) return false;
      const by = { ...deps, actor: ruleActor(rule) };
      await store.recordVerdicts(tx, rule.id, [found], { now: deps.clock.now(), acted: true });
      await decideCase(tx, by, { id: found.id, version: found.version, action: rule.action });
      return true;
    });
  } catch (error) {
    if (error instanceof OpsdeckError && ['CONFLICT', 'NOT_FOUND', 'BAD_REQUEST'].includes(error.code))
      return false;
    throw error;
  }
}

function undoneOf(
  db: Parameters<typeof store.countUndone>[0],
  rule: StoredRule,
  deps: RuleDeps,
): Promise<number> {
  const week = deps.clock.now().getTime() - undoneDays * dayMs;
  const since = new Date(Math.max(week, rule.actingSince?.getTime() ?? 0));
  return store.countUndone(db, rule.id, since);
}

/** Puts a rule that people undo back into shadow, and warns; true where it did. */
async function stopIfUndone(deps: RuleDeps, rule: StoredRule): Promise<boolean> {
  if ((await undoneOf(deps.database, rule, deps)) < mostUndone) return false;
  return deps.database.transaction(async (tx) => {
    const still = await store.lockRule(tx, rule.id, 'update');
    if (still?.state !== 'acting') return true;
    const undone = await undoneOf(tx, still, deps);
    if (undone < mostUndone) return false;
    const why = `${undone} of its decisions were undone within ${undoneDays} days`;
    const now = deps.clock.now();
    await store.setState(tx, rule.id, { state: 'shadow', now, stoppedWhy: why });
    await appendAudit(tx, {
      ...{ at: now, actor: ruleActor(rule), console: deps.console, action: 'rule.stop' },
      ...{ target: `rule:${rule.id}`, before: { state: 'acting' }, after: { state: 'shadow', why } },
    });
    await raiseHealthEvent(tx, 'WARNING', `The rule "${rule.name}" stopped by itself: ${why}.`, {
      kind: 'rule-stopped',
      ruleId: rule.id,
      rule: rule.name,
    });
    await appendChange(tx, 'rules', {});
    return true;
  });
}

function sidesOf(row: CaseRow): Parameters<typeof fits>[1] {
  return { existing: existingOf(row), incoming: incomingOf(row), detectedAt: row.detected_at };
}
