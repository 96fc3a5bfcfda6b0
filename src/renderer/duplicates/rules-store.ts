import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RuleCase, RuleView } from '../../shared/contract/rules.ts';
import { createResource, type ResourceStore } from '../resource.ts';

/** The rules, and the agents and campaigns that their conditions name. */
export interface RulesData {
  readonly rules: readonly RuleView[];
  readonly agents: readonly { user_id: number; name: string }[];
  readonly campaigns: readonly { id: string; name: string }[];
}

export interface RulesStore {
  readonly list: ResourceStore<RulesData>;
  /** The cases of the chosen rule. */
  readonly cases: ResourceStore<readonly RuleCase[]>;
  readonly chosen: StoreApi<{ id: number | null }>;
  choose(id: number): void;
  /** What somebody has looked at, to be kept fresh. */
  shown(): ResourceStore<never>[];
}

/** Rules are fetched where they are shown, and kept fresh from then on. */
export function createRules(
  calls: { list(): Promise<RulesData>; cases(id: number): Promise<readonly RuleCase[]> },
  monotonic: () => number,
): RulesStore {
  const chosen = createStore<{ id: number | null }>(() => ({ id: null }));
  const list = createResource<RulesData>(() => calls.list(), monotonic);
  const cases = createResource<readonly RuleCase[]>(async () => {
    const { id } = chosen.getState();
    return id === null ? [] : calls.cases(id);
  }, monotonic);
  return {
    list,
    cases,
    chosen,
    choose(id) {
      if (chosen.getState().id === id) return;
      chosen.setState({ id });
      cases.setState({ data: null, failure: null });
      void cases.reload();
    },
    shown: () =>
      [list, cases].filter(
        (store) => store.getState().loadedAt !== null,
      ) as unknown as ResourceStore<never>[],
  };
}
