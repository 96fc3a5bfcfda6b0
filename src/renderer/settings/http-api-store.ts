import type { ApiToken, HttpApiState } from '../../shared/contract/http-api.ts';
import type { Api } from '../api.ts';
import { createResource, type ResourceStore } from '../resource.ts';

export interface HttpApiStore {
  readonly state: ResourceStore<HttpApiState>;
  readonly tokens: ResourceStore<readonly ApiToken[]>;
}

/** The HTTP API of this console, and the office's tokens for it. */
export function createHttpApiStore(api: Api, monotonic: () => number): HttpApiStore {
  return {
    state: createResource(async () => (await api.client()).httpApi.state(), monotonic),
    tokens: createResource(async () => (await api.client()).httpApi.tokens(), monotonic),
  };
}
