import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ApiToken, HttpApiState } from '../../shared/contract/http-api.ts';
import type { Api } from '../api.ts';
import { createResource, type ResourceStore } from '../resource.ts';

/** A token that was just made, until the person is done with it. */
export type MadeToken = { readonly token: string; readonly name: string };

export interface HttpApiStore {
  readonly state: ResourceStore<HttpApiState>;
  readonly tokens: ResourceStore<readonly ApiToken[]>;
  /** Here and not on the page, which may be drawn anew meanwhile: it is told once only. */
  readonly made: StoreApi<{ made: MadeToken | null }>;
}

/** The HTTP API of this console, and the office's tokens for it. */
export function createHttpApiStore(api: Api, monotonic: () => number): HttpApiStore {
  return {
    state: createResource(async () => (await api.client()).httpApi.state(), monotonic),
    tokens: createResource(async () => (await api.client()).httpApi.tokens(), monotonic),
    made: createStore(() => ({ made: null })),
  };
}
