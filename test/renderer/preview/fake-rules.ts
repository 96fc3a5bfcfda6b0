import { implement } from '@orpc/server';
import { consoleContract } from '../../../src/shared/contract/index.ts';
import type { RuleCase, RuleConditions, RuleView } from '../../../src/shared/contract/rules.ts';
import { ago, type Scenario } from './scenarios.ts';

const nothing: RuleConditions = {
  ...{ differsOnlyIn: null, agents: null, campaigns: null, weekdays: null },
  ...{ commissionApartAtLeast: null, commissionApartAtMost: null, waitedMinutes: null },
};
const rule = (id: number, more: Partial<RuleView>): RuleView => ({
  ...{ id, version: 1, name: `Regel ${id}`, state: 'shadow', conditions: nothing, action: 'merge' },
  ...{ created_by: 'anna', changed_at: ago(900_000), acting_since: null, stopped: null },
  figures: { compared: 0, agreed: 0, waiting: 0, acted: 0, undone: 0 },
  ...more,
});

const made: readonly RuleView[] = [
  rule(1, {
    name: 'Samma provision',
    action: 'approve',
    conditions: { ...nothing, commissionApartAtMost: 0, differsOnlyIn: ['agent', 'order_date'] },
    figures: { compared: 41, agreed: 39, waiting: 2, acted: 0, undone: 0 },
  }),
  rule(2, {
    name: 'Bara orderdatum, på helgen, efter en timme',
    state: 'acting',
    acting_since: ago(400_000),
    conditions: { ...nothing, differsOnlyIn: ['order_date'], weekdays: [6, 7], waitedMinutes: 60 },
    figures: { compared: 18, agreed: 18, waiting: 0, acted: 12, undone: 1 },
  }),
  rule(3, {
    name: 'Stora skillnader för Anna och Erik',
    action: 'reject',
    conditions: { ...nothing, agents: [101, 102], commissionApartAtLeast: 10_000 },
    stopped: { at: ago(4_000), why: '2 of its decisions were undone within 7 days' },
    figures: { compared: 3, agreed: 1, waiting: 0, acted: 4, undone: 2 },
  }),
];

function makeCase(n: number): RuleCase {
  const decided = n % 5 !== 0;
  const agrees = n % 7 !== 0;
  return {
    duplicate_id: n,
    lead_id: String(4_413_000 + n),
    at: ago(n * 9_000),
    decided: decided
      ? { resolution: agrees ? 'approved' : 'rejected', by: 'bertil', at: ago(n * 8_000) }
      : null,
    agrees: decided ? agrees : null,
    acted: !decided && n % 10 === 0,
    undone: !decided && n % 20 === 0,
  };
}

/** Rules in every state. */
export function createFakeRules(scenario: Scenario, answer: <T>(make: () => T) => Promise<T>) {
  const os = implement(consoleContract).rules;
  const rules = scenario === 'empty' ? [] : [...made];
  return {
    list: os.list.handler(() =>
      answer(() => ({
        rules,
        agents: [
          { user_id: 101, name: 'Anna Bergström' },
          { user_id: 102, name: 'Erik Lundqvist' },
        ],
        campaigns: [{ id: '7', name: 'Elavtal höst 2026' }],
      })),
    ),
    cases: os.cases.handler(() => answer(() => Array.from({ length: 41 }, (_, n) => makeCase(n + 1)))),
    save: os.save.handler(({ input }) => {
      rules.push(rule(rules.length + 1, input.draft));
      return { id: rules.length, version: 1 };
    }),
    switch: os.switch.handler(({ input }) => ({ id: input.id, version: input.version + 1 })),
    remove: os.remove.handler(() => ({ removed: true as const })),
  };
}
