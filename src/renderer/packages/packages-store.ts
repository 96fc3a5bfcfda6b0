import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  CatalogueChange,
  CataloguePackage,
  CatalogueRun,
  PackagesProgress,
  PackagesState,
} from '../../shared/contract/catalogue.ts';
import type {
  InvalidPackage,
  InvalidReason,
  MappingChange,
  MyPackage,
  PackagesHealth,
} from '../../shared/contract/my-packages.ts';
import type { OrderState, PackageOrder } from '../../shared/contract/package-orders.ts';
import type { ConsoleClient } from '../api.ts';
import type { Failure } from '../failure.ts';
import { createPagedStore, type LoadPage, type PagedStore } from '../paged-rows.ts';
import { createResource, type ResourceStore } from '../resource.ts';

export type PackageCalls = ConsoleClient['packages'];
/** A package of the catalogue; `mine`: the number under which the office sells it. */
export type OfferedPackage = CataloguePackage & { readonly mine: number | null };
export type ChangeOfCatalogue = CatalogueChange['change'];
export type DiffCounts = Readonly<Record<ChangeOfCatalogue, number>>;

/** What is asked of each list. */
export interface PackageQueries {
  readonly invalid: { readonly search: string; readonly reason: InvalidReason | null };
  readonly mine: {
    readonly search: string;
    readonly status: 'all' | 'valid' | 'invalid' | 'unchecked' | 'hidden';
  };
  readonly catalogue: {
    readonly search: string;
    readonly status: 'active' | 'retired' | 'all';
    readonly geography: 'local' | 'regional' | 'global' | null;
    readonly sort: 'place' | 'price' | 'data' | 'days';
  };
  readonly diff: { readonly change: ChangeOfCatalogue | null };
  readonly orders: { readonly search: string; readonly state: OrderState | null };
}

export interface PackagesStore {
  readonly state: ResourceStore<PackagesState>;
  readonly health: ResourceStore<PackagesHealth>;
  /** Orders that wait for a person's choice. */
  readonly needy: ResourceStore<number>;
  /** A pass of this console that is under way. */
  readonly underWay: StoreApi<{ readonly progress: PackagesProgress | null }>;
  readonly asked: StoreApi<PackageQueries>;
  readonly invalid: PagedStore<InvalidPackage>;
  readonly changes: PagedStore<MappingChange>;
  readonly mine: PagedStore<MyPackage>;
  readonly catalogue: PagedStore<OfferedPackage>;
  readonly diff: PagedStore<CatalogueChange, { run: CatalogueRun | null; counts: DiffCounts }>;
  readonly orders: PagedStore<PackageOrder>;
  /** All of the lists above, to be fetched again. */
  readonly lists: readonly { reload(): Promise<void>; getState(): { readonly failure: Failure | null } }[];
  take(progress: PackagesProgress): void;
  /** Asks one list something else. */
  ask<List extends keyof PackageQueries>(list: List, changes: Partial<PackageQueries[List]>): void;
}

const first: PackageQueries = {
  invalid: { search: '', reason: null },
  mine: { search: '', status: 'all' },
  catalogue: { search: '', status: 'active', geography: null, sort: 'place' },
  diff: { change: null },
  orders: { search: '', state: null },
};

/** How much of packages waits for a person: proposals, a held pass, orders without a package. Null: not known yet. */
export function packagesWaiting(
  state: Pick<PackagesState, 'held'> | null,
  health: Pick<PackagesHealth, 'proposals'> | null,
  needy: number | null,
): number | null {
  if (state === null || health === null || needy === null) return null;
  return health.proposals + (state.held === null ? 0 : 1) + needy;
}

/** What was really given: neither null nor an empty text. */
function given<T extends object>(query: T): { [Key in keyof T]?: Exclude<T[Key], null> } {
  const entries = Object.entries(query).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], null> };
}

/** Lists that nobody looked at yet fetch nothing. */
function lazy<T, Extra = null>(load: LoadPage<T, Extra>): PagedStore<T, Extra> {
  return createPagedStore(load, { untilLookedAt: true });
}

/** Everything of packages that the console holds. */
export function createPackages(calls: () => Promise<PackageCalls>, monotonic: () => number): PackagesStore {
  const asked = createStore<PackageQueries>(() => first);
  const underWay = createStore<{ progress: PackagesProgress | null }>(() => ({ progress: null }));
  const of = <List extends keyof PackageQueries>(list: List) => given(asked.getState()[list]);
  const take = (progress: PackagesProgress | null): void =>
    underWay.setState({ progress: progress?.stage === 'ended' ? null : progress });
  const lists = {
    invalid: lazy<InvalidPackage>(async (page) => {
      const { invalid: rows, count } = await (await calls()).invalid({ ...of('invalid'), ...page });
      return { rows, count, extra: null };
    }),
    changes: lazy<MappingChange>(async (page) => {
      const { changes: rows, count } = await (await calls()).changes(page);
      return { rows, count, extra: null };
    }),
    mine: lazy<MyPackage>(async (page) => {
      const { packages: rows, count } = await (await calls()).mine({ ...of('mine'), ...page });
      return { rows, count, extra: null };
    }),
    catalogue: lazy<OfferedPackage>(async (page) => {
      const { packages: rows, count } = await (await calls()).catalogue({ ...of('catalogue'), ...page });
      return { rows, count, extra: null };
    }),
    diff: lazy<CatalogueChange, { run: CatalogueRun | null; counts: DiffCounts }>(async (page) => {
      const { changes: rows, count, run, counts } = await (await calls()).diff({ ...of('diff'), ...page });
      return { rows, count, extra: { run, counts } };
    }),
    orders: lazy<PackageOrder>(async (page) => {
      const { orders: rows, count } = await (await calls()).orders({ ...of('orders'), ...page });
      return { rows, count, extra: null };
    }),
  };
  return {
    ...lists,
    lists: Object.values(lists),
    state: createResource(async () => {
      const state = await (await calls()).state();
      take(state.running);
      return state;
    }, monotonic),
    health: createResource(async () => (await calls()).health(), monotonic),
    needy: createResource(
      async () => (await (await calls()).orders({ state: 'needs-person', limit: 1 })).count,
      monotonic,
    ),
    ...{ underWay, asked, take },
    ask(list, changes) {
      asked.setState((state) => ({ ...state, [list]: { ...state[list], ...changes } }));
      void lists[list].startOver();
    },
  };
}
