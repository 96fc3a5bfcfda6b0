import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ArchiveMove, ArchiveView } from '../../shared/contract/archive.ts';
import type { Api } from '../api.ts';
import { followStream } from '../follow-stream.ts';
import { createResource, type ResourceStore } from '../resource.ts';

/** A move that goes on, and how the latest one that this page heard of ended. */
export interface ArchiveUnderWay {
  readonly moving: Extract<ArchiveMove, { stage: 'moving' }> | null;
  readonly ended: Extract<ArchiveMove, { stage: 'ended' }> | null;
}

export interface ArchiveStore {
  readonly view: ResourceStore<ArchiveView>;
  readonly underWay: StoreApi<ArchiveUnderWay>;
}

/** Takes one event, or what the view said is under way. */
export function takeArchiveMove(state: ArchiveUnderWay, event: ArchiveMove | null): ArchiveUnderWay {
  if (event === null) return { ...state, moving: null };
  return event.stage === 'ended' ? { moving: null, ended: event } : { ...state, moving: event };
}

/** The archive as main tells of it; fetched where it is shown, and after each move. */
export function createArchiveStore(api: Api, monotonic: () => number): ArchiveStore {
  const view = createResource<ArchiveView>(async () => (await api.client()).archive.view(), monotonic);
  const underWay = createStore<ArchiveUnderWay>(() => ({ moving: null, ended: null }));
  const take = (event: ArchiveMove | null): void =>
    underWay.setState((state) => takeArchiveMove(state, event));
  view.subscribe(({ data }, former) => {
    if (data !== null && data !== former.data) take(data.running);
  });
  api.onConnect((client, signal) => {
    void followStream<ArchiveMove>(
      () => client.archive.progress(undefined, { signal }),
      {
        onOpen: () => void (view.getState().data === null ? null : view.reload()),
        onEvent: (event) => {
          take(event);
          if (event.stage === 'ended' && view.getState().data !== null) void view.reload();
        },
      },
      signal,
    );
  });
  return { view, underWay };
}
