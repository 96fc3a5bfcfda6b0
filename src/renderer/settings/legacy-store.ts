import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LegacyEvent, LegacyView } from '../../shared/contract/legacy.ts';
import type { Api } from '../api.ts';
import { followStream } from '../follow-stream.ts';
import { createResource, type ResourceStore } from '../resource.ts';

export type LegacyEnded = Extract<LegacyEvent, { stage: 'ended' }>;

/** An import or its rehearsal that goes on, and how the latest one of the chosen folder ended. */
export interface LegacyUnderWay {
  readonly running: Exclude<LegacyEvent, { stage: 'ended' }> | null;
  readonly ended: LegacyEnded | null;
}

export interface LegacyStore {
  readonly view: ResourceStore<LegacyView>;
  readonly underWay: StoreApi<LegacyUnderWay>;
}

/** Takes one event. */
export function takeLegacyEvent(event: LegacyEvent): LegacyUnderWay {
  return event.stage === 'ended' ? { running: null, ended: event } : { running: event, ended: null };
}

/** What the view says, which knows also what happened while nobody listened. */
export function takeLegacyView(view: LegacyView): LegacyUnderWay {
  const { running, last } = view;
  return {
    running: running?.stage === 'ended' ? null : running,
    ended: last?.stage === 'ended' ? last : null,
  };
}

/** Imports of the old server as main tells of them. */
export function createLegacyStore(api: Api, monotonic: () => number): LegacyStore {
  const view = createResource<LegacyView>(async () => (await api.client()).legacy.view(), monotonic);
  const underWay = createStore<LegacyUnderWay>(() => ({ running: null, ended: null }));
  view.subscribe(({ data }, former) => {
    if (data !== null && data !== former.data) underWay.setState(takeLegacyView(data));
  });
  api.onConnect((client, signal) => {
    void followStream<LegacyEvent>(
      () => client.legacy.progress(undefined, { signal }),
      {
        onOpen: () => void (view.getState().data === null ? null : view.reload()),
        onEvent: (event) => underWay.setState(takeLegacyEvent(event)),
      },
      signal,
    );
  });
  return { view, underWay };
}
