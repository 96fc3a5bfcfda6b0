import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { viewRules } from '../../../src/main/deals/rules/answer-rules.ts';
import { removeRule, saveRule, switchRule } from '../../../src/main/deals/rules/change-rules.ts';
import { runRules, type LookedAt } from '../../../src/main/deals/rules/run-rules.ts';
import { resolveDuplicate } from '../../../src/main/deals/resolve-duplicate.ts';
import { undoDuplicate } from '../../../src/main/deals/undo-duplicate.ts';
import { currentSeq } from '../../../src/main/system/change-log.ts';
import { verifyAudit } from '../../../src/main/system/audit.ts';
import { ben, decider, minute } from '../decision-steps.ts';
import { openPassOffice, usePassOffice, type PassOffice } from '../pass-office.ts';
import { anyCase, draft, letAct, make, queueCases, round } from './rule-steps.ts';

const office = usePassOffice();
const day = 86_400_000;

/** Every row of every table, byte for byte and with who wrote it, but for what rules record for themselves. */
async function everything(at: PassOffice): Promise<Record<string, unknown>> {
  const tables = await at.rows<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'rule_verdicts' order by 1`,
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables)
    found[name] = await at.one(
      `select md5(coalesce(string_agg(t.xmin::text || ' ' || t::text, E'\\n' order by t::text), '')) from "${name}" t`,
    );
  return found;
}
const rulesOf = (at: PassOffice) => viewRules(at.database, new Date(0));

describe('a rule in shadow', () => {
  it('records what it would decide, and changes no row', async () => {
    const { it: at } = office;
    await queueCases(at, 6);
    const conditions = fc.record({
      agents: fc.constantFrom<number[] | null>(null, [ben], [1]),
      commissionApartAtMost: fc.constantFrom(null, 0),
      waitedMinutes: fc.constantFrom(null, 1, 100),
      weekdays: fc.constantFrom<number[] | null>(null, [1], [2]),
    });
    const action = fc.constantFrom('approve', 'replace', 'merge', 'reject');
    const rules = fc.array(fc.tuple(conditions, action), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(rules, async (given) => {
        await at.database.query('delete from duplicate_rules');
        for (const [n, [some, act]] of given.entries())
          await make(at, { name: `r${n}`, conditions: { ...anyCase, ...some }, action: act as 'merge' });
        const before = await everything(at);
        expect(await round(at)).toBe(0);
        expect(await round(at)).toBe(0);
        expect(await everything(at)).toEqual(before);
        const fitting = given.filter(
          ([c]) => c.agents?.[0] !== 1 && c.waitedMinutes !== 100 && c.weekdays?.[0] !== 2,
        );
        expect(await at.one('select count(*)::int from rule_verdicts')).toBe(6 * fitting.length);
      }),
      { numRuns: 20 },
    );
  });

  it('that acted all the same would be seen', async () => {
    const { it: at } = office;
    await queueCases(at, 1);
    const rule = await make(at);
    await letAct(at, rule.id);
    const before = await everything(at);
    expect(Object.keys(before).length).toBeGreaterThan(30);
    await round(at);
    const after = await everything(at);
    const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
    for (const table of ['deals', 'pending_duplicates', 'audit_log', 'board_days', 'change_log'])
      expect(changed).toContain(table);
  });

  it('agrees with people as a recount by hand says', async () => {
    const { it: at } = office;
    await queueCases(at, 6);
    const merges = await make(at, { name: 'merge', action: 'merge' });
    await make(at, { name: 'replace', action: 'replace' });
    await round(at);
    const open = await at.pending();
    const decide = (n: number, action: 'replace' | 'merge', fields?: ['agent']) =>
      resolveDuplicate(decider(at), {
        ...{ id: open[n]!.id, version: open[n]!.version, action },
        ...(fields ? { fields } : {}),
      });
    await decide(0, 'replace');
    await decide(1, 'replace');
    await decide(2, 'merge');
    await decide(3, 'merge', ['agent']);
    // Taken back: nobody's word any more.
    const undone = await decide(4, 'replace');
    await undoDuplicate(decider(at), undone);
    await round(at);
    const [merge, replace] = await rulesOf(at);
    expect(merge).toMatchObject({ id: merges.id, figures: { compared: 4, agreed: 1, acted: 0 } });
    // Naively, by how cases ended alone, a merge of other fields would agree too.
    const merged = await at.one<number>(
      `select count(*)::int from rule_verdicts v join pending_duplicates p on p.id = v.duplicate_id
        where v.rule_id = ${merges.id} and p.resolution = 'merged'`,
    );
    expect(merged).toBe(2);
    // The case that was opened again is a version of its own, and waits like the one nobody touched.
    expect(replace).toMatchObject({ figures: { compared: 4, agreed: 2, waiting: 2 } });
  });
});

describe('from round to round', () => {
  /** Reads of cases with both sides, which is what a round costs. */
  function counting(at: PassOffice) {
    const deps = decider(at);
    let reads = 0;
    const query: typeof at.database.query = (sql, ...rest) => {
      if (String(sql).includes('p.id = any ($1::bigint[])')) reads += 1;
      return at.database.query(sql, ...rest);
    };
    const database = { ...at.database, query, vital: { query } };
    const looked: LookedAt = new Map();
    return async () => {
      const before = reads;
      await runRules({ ...deps, database }, undefined, looked);
      return reads - before;
    };
  }

  it('only what moved is looked at again', async () => {
    const { it: at } = office;
    const [lead] = await queueCases(at, 4);
    await make(at, { conditions: { ...anyCase, agents: [1] } });
    const ask = counting(at);
    expect(await ask()).toBe(1);
    expect(await ask()).toBe(0);
    at.vendor.state.patchLead(lead!.id, { commission: '999' });
    await at.window();
    at.pass(minute);
    expect(await ask()).toBe(1);
    expect(await ask()).toBe(0);
  });

  it('a rule that waits for a case to be old finds it old, though nothing moved', async () => {
    const { it: at } = office;
    await queueCases(at, 2);
    await make(at, { conditions: { ...anyCase, waitedMinutes: 30 } });
    const ask = counting(at);
    const verdicts = () => at.one<number>('select count(*)::int from rule_verdicts');
    await ask();
    expect(await verdicts()).toBe(0);
    at.pass(31 * minute);
    await ask();
    expect(await verdicts()).toBe(2);
  });
});

describe('a rule that acts', () => {
  it.each(['approve', 'replace', 'merge', 'reject'] as const)(
    'decides (%s) as a person would',
    async (action) => {
      const { it: at } = office;
      const other = await openPassOffice();
      try {
        for (const one of [at, other]) await queueCases(one, 3);
        const from = new Map<PassOffice, number>();
        for (const one of [at, other]) from.set(one, await currentSeq(one.database));
        const rule = await make(at, { action });
        await letAct(at, rule.id);
        expect(await round(at)).toBe(3);
        for (const { id, version } of await other.pending())
          await resolveDuplicate(decider(other, 'rule: Ben takes over'), { id, version, action });
        const outcome = async (one: PassOffice) => ({
          deals: await one.rows(
            `select id, user_id, commission, multi_deals, order_date, follows, is_duplicate, replaced_by, version from deals order by id`,
          ),
          cases: await one.rows(
            `select id, status, resolution, resolved_by, resolved_at, resolution_note, new_deal_id, merged_fields, version
             from pending_duplicates order by id`,
          ),
          audit: await one.rows(
            `select at, actor, console, action, target, note from audit_log where action like 'duplicate.%' order by id`,
          ),
          history: await one.rows('select deal_id, change, changed_at from deal_history order by id'),
          told: await one.rows(
            `select kind, data from change_log where kind in ('deals', 'duplicates') and seq > $1 order by seq`,
            [from.get(one)!],
          ),
        });
        expect(await outcome(at)).toEqual(await outcome(other));
        expect(await verifyAudit(at.database)).toMatchObject({ ok: true });
        expect(await round(at)).toBe(0);
      } finally {
        await other.close();
      }
    },
  );

  it('that decided by statements of its own would not decide as a person does', async () => {
    const { it: at } = office;
    const other = await openPassOffice();
    try {
      for (const one of [at, other]) await queueCases(one, 1);
      await at.database.query(
        `with moved as (
           update pending_duplicates set status = 'resolved', resolution = 'merged', resolved_by = 'rule', resolved_at = now(),
                  version = version + 1 returning existing_deal_id, new_user_id)
         update deals d set user_id = m.new_user_id from moved m where d.id = m.existing_deal_id`,
      );
      const [found] = await other.pending();
      await resolveDuplicate(decider(other, 'rule'), {
        ...{ id: found!.id, version: found!.version },
        ...{ action: 'merge', fields: ['agent'] },
      });
      const trace = async (one: PassOffice) => [
        await one.rows('select user_id, version from deals'),
        await one.one('select count(*)::int from deal_history'),
        await one.one(`select count(*)::int from audit_log`),
      ];
      expect(await trace(at)).not.toEqual(await trace(other));
      expect((await trace(at)).slice(1)).toEqual([0, 0]);
    } finally {
      await other.close();
    }
  });

  it('leaves a case alone that was decided before, and stops after the second undo with a warning', async () => {
    const { it: at } = office;
    await queueCases(at, 2);
    const rule = await make(at);
    await letAct(at, rule.id);
    expect(await round(at)).toBe(2);
    const decided = await at.pending('resolved');
    at.pass(minute);
    await undoDuplicate(decider(at), decided[0]!);
    // Asked anew it would decide the very same again, for ever; what was undone is a person's.
    expect(await round(at)).toBe(0);
    expect(await at.pending()).toHaveLength(1);
    expect(await rulesOf(at)).toMatchObject([{ state: 'acting', figures: { acted: 2, undone: 1 } }]);
    await undoDuplicate(decider(at), decided[1]!);
    await queueMore(at);
    expect(await round(at)).toBe(0);
    expect(await rulesOf(at)).toMatchObject([
      { state: 'shadow', stopped: { why: '2 of its decisions were undone within 7 days' } },
    ]);
    expect(await at.rows('select event_type, message from system_health_logs')).toEqual([
      {
        event_type: 'WARNING',
        message: expect.stringContaining('The rule "Ben takes over" stopped by itself') as string,
      },
    ]);
    expect(await at.rows(`select actor from audit_log where action = 'rule.stop'`)).toEqual([
      { actor: 'rule: Ben takes over' },
    ]);
  });

  it('goes on when the undos lie further apart', async () => {
    const { it: at } = office;
    await queueCases(at, 2);
    const rule = await make(at);
    await letAct(at, rule.id);
    await round(at);
    const decided = await at.pending('resolved');
    await undoDuplicate(decider(at), decided[0]!);
    at.pass(7 * day + minute);
    await undoDuplicate(decider(at), decided[1]!);
    await round(at);
    expect(await rulesOf(at)).toMatchObject([{ state: 'acting' }]);
  });

  it('does nothing once it was switched off, changed or removed', async () => {
    const { it: at } = office;
    await queueCases(at, 1);
    const rule = await make(at);
    await letAct(at, rule.id);
    const off = await switchRule(decider(at), { id: rule.id, version: 2, to: 'off' });
    expect(await round(at)).toBe(0);
    const again = await saveRule(decider(at), draft({ name: 'Other' }), off);
    await letAct(at, rule.id);
    await removeRule(decider(at), { id: rule.id, version: again.version + 1 });
    expect(await round(at)).toBe(0);
    expect(await at.pending()).toHaveLength(1);
  });
});

describe('a person', () => {
  it('lets a rule act only after it was compared in five cases, and a changed one begins anew', async () => {
    const { it: at } = office;
    await queueCases(at, 5);
    const rule = await make(at);
    await round(at);
    await expect(
      switchRule(decider(at), { ...rule, to: 'acting', name: 'Ben takes over' }),
    ).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringContaining('in 0 cases') as string,
    });
    for (const { id, version } of await at.pending())
      await resolveDuplicate(decider(at), { id, version, action: 'approve' });
    await expect(
      switchRule(decider(at), { ...rule, to: 'acting', name: 'ben takes over' }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST', message: expect.stringContaining('its name') as string });
    const acting = await switchRule(decider(at), { ...rule, to: 'acting', name: 'Ben takes over' });
    expect(await rulesOf(at)).toMatchObject([{ state: 'acting', figures: { compared: 5, agreed: 0 } }]);
    const changed = await saveRule(decider(at), draft({ action: 'approve' }), acting);
    expect(await rulesOf(at)).toMatchObject([{ state: 'shadow', figures: { compared: 0 } }]);
    await expect(
      switchRule(decider(at), { ...changed, to: 'acting', name: 'Ben takes over' }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(switchRule(decider(at), { ...rule, to: 'off' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(make(at, { name: 'BEN takes OVER' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(
      await at.one(`select after from audit_log where action = 'rule.switch' order by id limit 1`),
    ).toEqual({ state: 'acting', compared: 5, agreed: 0 });
    expect(await at.rows(`select action from audit_log where action like 'rule.%' order by id`)).toEqual([
      { action: 'rule.make' },
      { action: 'rule.switch' },
      { action: 'rule.change' },
    ]);
  });
});

/** A further case, which a stopped rule must not decide. */
async function queueMore(at: PassOffice): Promise<void> {
  const before = (await at.pending()).length;
  await queueCases(at, 1);
  expect(await at.pending()).toHaveLength(before + 1);
}
