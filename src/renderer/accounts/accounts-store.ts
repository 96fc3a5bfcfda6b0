import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  Account,
  AccountAnswer,
  ListPreview,
  ListProgress,
  OpenRequest,
  RowResult,
} from '../../shared/contract/accounts.ts';
import type { KeptAccount } from '../../shared/contract/outbox.ts';
import type { Api } from '../api.ts';
import type { Failure } from '../failure.ts';
import { followStream } from '../follow-stream.ts';
import { createPagedStore, type PagedStore } from '../paged-rows.ts';
import { createResource, type ResourceStore } from '../resource.ts';

/** What a person writes on the form of one account. */
export interface AccountDraft {
  readonly email: string;
  readonly name: string;
  readonly plan: string;
  readonly key: string;
}
export const emptyDraft: AccountDraft = { email: '', name: '', plan: '', key: '' };

/** What came of the latest request made here. */
export type AddOutcome =
  | { readonly kind: 'answered'; readonly answer: AccountAnswer }
  | { readonly kind: 'refused'; readonly email: string; readonly failure: Failure };

/** What is asked, written and looked at; kept while a person is on another screen. */
export interface AccountsState {
  readonly opened: boolean;
  readonly search: string;
  readonly draft: AccountDraft;
  readonly outcome: AddOutcome | null;
  readonly listText: string;
  /** Which text was looked at, and what would happen with it. */
  readonly preview: { readonly text: string; readonly of: ListPreview } | null;
}

/** The list under way here or the last one; null: none since the start, or waved away. */
export interface ListUnderWay {
  readonly progress: Omit<ListProgress, 'rows'> | null;
  readonly rows: readonly RowResult[];
}

/** Requests without an account, and whether a directory is configured. */
export interface Requests {
  readonly requests: readonly OpenRequest[];
  readonly count: number;
  readonly configured: boolean;
  readonly missing: readonly string[];
}

export interface AccountsStore extends StoreApi<AccountsState> {
  readonly list: PagedStore<Account>;
  readonly requests: ResourceStore<Requests>;
  /** Those that wait on this computer. */
  readonly kept: ResourceStore<readonly KeptAccount[]>;
  readonly underWay: StoreApi<ListUnderWay>;
  /** Fetches everything for the first time; later calls do nothing, as it is kept fresh. */
  open(): void;
  ask(search: string): void;
}

/** Takes one step of a list: the counts are replaced, its rows added in the order of the list. */
export function takeListProgress(state: ListUnderWay, { rows, ...progress }: ListProgress): ListUnderWay {
  if (rows.length === 0) return { progress, rows: state.rows };
  const fresh = new Map(rows.map((row) => [row.line, row]));
  const kept = state.rows.filter((row) => !fresh.has(row.line));
  return { progress, rows: [...kept, ...fresh.values()].sort((a, b) => a.line - b.line) };
}

const noList: ListUnderWay = { progress: null, rows: [] };

/** Accounts, requests for them and the list that runs; nothing is fetched before the screen is opened. */
export function createAccounts(api: Api, monotonic: () => number): AccountsStore {
  const store = createStore<AccountsState>(() => ({
    ...{ opened: false, search: '', draft: emptyDraft, outcome: null, listText: '', preview: null },
  }));
  const list = createPagedStore<Account>(
    async (page) => {
      const { search } = store.getState();
      const client = await api.client();
      const { accounts, count } = await client.accounts.list({
        ...page,
        ...(search === '' ? {} : { search }),
      });
      return { rows: accounts, count, extra: null };
    },
    { untilLookedAt: true },
  );
  const requests = createResource<Requests>(
    async () => (await api.client()).accounts.requests({ limit: 500 }),
    monotonic,
  );
  const kept = createResource(async () => (await api.client()).outbox.accounts(), monotonic);
  const underWay = createStore<ListUnderWay>(() => noList);
  api.onConnect((client, signal) => {
    void followStream<ListProgress>(
      () => client.accounts.listProgress(undefined, { signal }),
      {
        // The first event brings all results so far.
        onOpen: () => underWay.setState(noList),
        onEvent: (event) => underWay.setState((state) => takeListProgress(state, event)),
      },
      signal,
    );
  });
  return Object.assign(store, {
    list,
    requests,
    kept,
    underWay,
    open(): void {
      if (store.getState().opened) return;
      store.setState({ opened: true });
      void list.startOver();
      void requests.reload();
      void kept.reload();
    },
    ask(search: string): void {
      store.setState({ search });
      void list.startOver();
    },
  });
}
