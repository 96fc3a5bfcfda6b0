import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BackupProgress, BackupsView } from '../../shared/contract/backups.ts';
import type { Api } from '../api.ts';
import { followStream } from '../follow-stream.ts';
import { createResource, type ResourceStore } from '../resource.ts';

/** A backup that goes on, and how the latest one that this page heard of ended. */
export interface BackupUnderWay {
  readonly running: Exclude<BackupProgress, { stage: 'ended' }> | null;
  readonly ended: Extract<BackupProgress, { stage: 'ended' }> | null;
}

export interface BackupsStore {
  readonly list: ResourceStore<BackupsView>;
  readonly underWay: StoreApi<BackupUnderWay>;
}

/** Takes one event, or what the list said is running. */
export function takeBackupProgress(state: BackupUnderWay, event: BackupProgress | null): BackupUnderWay {
  if (event === null) return { ...state, running: null };
  return event.stage === 'ended' ? { running: null, ended: event } : { ...state, running: event };
}

/** Backups as main tells of them; the list is fetched where it is shown, and after each that ends. */
export function createBackupsStore(api: Api, monotonic: () => number): BackupsStore {
  const list = createResource<BackupsView>(async () => (await api.client()).backups.list(), monotonic);
  const underWay = createStore<BackupUnderWay>(() => ({ running: null, ended: null }));
  const take = (event: BackupProgress | null): void =>
    underWay.setState((state) => takeBackupProgress(state, event));
  list.subscribe(({ data }, former) => {
    if (data !== null && data !== former.data) take(data.running);
  });
  api.onConnect((client, signal) => {
    void followStream<BackupProgress>(
      () => client.backups.progress(undefined, { signal }),
      {
        // One that ended while nobody listened is gone from the list.
        onOpen: () => void (list.getState().data === null ? null : list.reload()),
        onEvent: (event) => {
          take(event);
          if (event.stage === 'ended') void list.reload();
        },
      },
      signal,
    );
  });
  return { list, underWay };
}
