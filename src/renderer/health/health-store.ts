import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  HealthEventType,
  HealthEventView,
  HealthPage,
  IncidentPage,
  IncidentView,
} from '../../shared/contract/health.ts';
import { createPagedStore, type PagedStore } from '../paged-rows.ts';

export const healthTabs = ['events', 'incidents'] as const;
export type HealthTab = (typeof healthTabs)[number];

/** What is asked of both lists, and which is shown. */
export interface HealthQuery {
  readonly tab: HealthTab;
  readonly search: string;
  readonly type: HealthEventType | null;
  /** The newest event stays in view. */
  readonly follow: boolean;
}

export interface IncidentCounts {
  readonly total: number;
  readonly open: number;
}

export interface HealthStore extends StoreApi<HealthQuery> {
  readonly events: PagedStore<HealthEventView, { readonly total: number }>;
  readonly incidents: PagedStore<IncidentView, IncidentCounts>;
  ask(changes: Partial<Pick<HealthQuery, 'search' | 'type'>>): void;
  /** Fetches what the screen shows again. */
  reload(): Promise<void>;
}

interface Page {
  limit: number;
  offset: number;
  search?: string;
  types?: HealthEventType[];
}

/** The timeline and its incidents; nothing is fetched before the screen is opened for the first time. */
export function createHealth(calls: {
  events(page: Page): Promise<HealthPage>;
  incidents(page: Page): Promise<IncidentPage>;
}): HealthStore {
  const store = createStore<HealthQuery>(() => ({ tab: 'events', search: '', type: null, follow: true }));
  const asked = (page: { limit: number; offset: number }): Page => {
    const { search, type } = store.getState();
    return { ...page, ...(search === '' ? {} : { search }), ...(type === null ? {} : { types: [type] }) };
  };
  const events = createPagedStore<HealthEventView, { readonly total: number }>(
    async (page) => {
      const { events: rows, count, total } = await calls.events(asked(page));
      return { rows, count, extra: { total } };
    },
    { untilLookedAt: true },
  );
  const incidents = createPagedStore<IncidentView, IncidentCounts>(
    async (page) => {
      const { incidents: rows, count, total, open } = await calls.incidents(asked(page));
      return { rows, count, extra: { total, open } };
    },
    { untilLookedAt: true },
  );
  return Object.assign(store, {
    events,
    incidents,
    ask(changes: Partial<Pick<HealthQuery, 'search' | 'type'>>): void {
      store.setState(changes);
      void events.startOver();
      void incidents.startOver();
    },
    async reload(): Promise<void> {
      await Promise.all([events.reload(), incidents.reload()]);
    },
  });
}
