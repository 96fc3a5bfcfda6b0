import { createContext, useContext } from 'react';
import { createStore, useStore, type StoreApi } from 'zustand';
import type { FairFacts } from '../shared/contract/boards.ts';
import type { DuplicateClaims } from '../shared/contract/duplicates.ts';
import type { HeldRemoval, SyncRun, SyncState } from '../shared/contract/sync.ts';
import type { ConsoleSettings, OfficeSettingsView, SystemStatus } from '../shared/contract/system.ts';
import type { ModeView } from '../shared/contract/mode.ts';
import type { KeptDecision } from '../shared/contract/outbox.ts';
import type { PerformanceView } from '../shared/contract/performance.ts';
import type { SchedulesView } from '../shared/contract/schedules.ts';
import type { TasksView } from '../shared/contract/tasks.ts';
import type { WallMediaView, WallWindowState } from '../shared/contract/wall-window.ts';
import { createAccounts, type AccountsStore } from './accounts/accounts-store.ts';
import type { Api } from './api.ts';
import { createNavigation, type NavigationStore } from './navigation.ts';
import { createHistory, type HistoryStore } from './duplicates/history-store.ts';
import { createQueue, type QueueStore } from './duplicates/queue-store.ts';
import { createHealth, type HealthStore } from './health/health-store.ts';
import { createRules, type RulesStore } from './duplicates/rules-store.ts';
import { createHeldDeals, type HeldDealsStore } from './held/held-deals-store.ts';
import { createLeaderboardStore, type LeaderboardStore } from './leaderboard/leaderboard-store.ts';
import { createPackages, type PackagesStore } from './packages/packages-store.ts';
import { createOfficeClock, type OfficeClock } from './office-clock.ts';
import { createRejected, type RejectedStore } from './rejected/rejected-store.ts';
import { createResource, type Resource, type ResourceStore } from './resource.ts';
import { createLegacyStore, type LegacyStore } from './settings/legacy-store.ts';
import { createArchiveStore, type ArchiveStore } from './settings/archive-store.ts';
import { createBackupsStore, type BackupsStore } from './settings/backups-store.ts';
import { createHttpApiStore, type HttpApiStore } from './settings/http-api-store.ts';
import { createLogStore, type LogStore } from './system/log-store.ts';
import { createPassesStore, type PassesStore } from './sync/sync-store.ts';
import { mergeToday, type TodayData } from './today/today-store.ts';
import { sourceOfConsole } from './wall-editor/preview-source.ts';
import { createWallStores, type WallStores } from './wall/wall-store.ts';

/** Everything a screen may use: one small store per feature, the calls, and the clock. */
export interface Services {
  readonly api: Api;
  readonly clock: OfficeClock;
  readonly navigation: NavigationStore;
  /** False while the port to main is gone. */
  readonly connection: StoreApi<{ connected: boolean }>;
  readonly system: ResourceStore<SystemStatus>;
  readonly today: ResourceStore<TodayData>;
  readonly leaderboard: LeaderboardStore;
  /** What today's board is marked by: history, so it is not fetched with each deal. */
  readonly fairToday: ResourceStore<FairFacts>;
  readonly sync: ResourceStore<SyncState>;
  readonly passes: PassesStore;
  readonly runs: ResourceStore<readonly SyncRun[]>;
  readonly held: ResourceStore<readonly HeldRemoval[]>;
  readonly heldDeals: HeldDealsStore;
  readonly queue: QueueStore;
  /** Who looks at which case just now. */
  readonly claims: ResourceStore<DuplicateClaims>;
  readonly history: HistoryStore;
  readonly rules: RulesStore;
  readonly rejected: RejectedStore;
  readonly office: ResourceStore<OfficeSettingsView>;
  readonly own: ResourceStore<ConsoleSettings>;
  readonly wallWindow: ResourceStore<WallWindowState>;
  readonly wallMedia: ResourceStore<WallMediaView>;
  /** What the wall would show, for the screen that arranges it. */
  readonly wallPreview: WallStores;
  readonly backups: BackupsStore;
  readonly httpApi: HttpApiStore;
  readonly archive: ArchiveStore;
  readonly legacy: LegacyStore;
  readonly outbox: ResourceStore<readonly KeptDecision[]>;
  readonly health: HealthStore;
  readonly packages: PackagesStore;
  readonly mode: ResourceStore<ModeView>;
  readonly accounts: AccountsStore;
  readonly tasks: ResourceStore<TasksView>;
  readonly schedules: ResourceStore<SchedulesView>;
  /** The program's own log; fetched where it is shown. */
  readonly log: LogStore;
  /** Fetched where it is shown. */
  readonly performance: ResourceStore<PerformanceView>;
}

/** Builds every store of the console on one api. */
export function createServices(api: Api, time: { monotonic: () => number; wall: () => number }): Services {
  const { monotonic } = time;
  const client = api.client;
  const clock = createOfficeClock(monotonic, time.wall());
  return {
    api,
    clock,
    navigation: createNavigation(),
    connection: createStore(() => ({ connected: true })),
    system: createResource(async () => {
      const status = await (await client()).system.status();
      clock.set(status.now);
      return status;
    }, monotonic),
    today: createResource<TodayData>(
      async (former) => mergeToday(await (await client()).deals.today(), former),
      monotonic,
    ),
    leaderboard: createLeaderboardStore(async (period) => {
      const { boards } = await client();
      const [board, fair] = await Promise.all([boards.board({ period }), boards.fair({ period })]);
      return { board, fair };
    }, monotonic),
    fairToday: createResource(async () => (await client()).boards.fair({ period: 'today' }), monotonic),
    sync: createResource(async () => (await client()).sync.state(), monotonic),
    passes: createPassesStore(),
    runs: createResource(async () => (await client()).sync.runs({ limit: 100 }), monotonic),
    held: createResource(async () => (await client()).sync.held(), monotonic),
    heldDeals: createHeldDeals(async (page) => (await client()).sync.heldDeals(page)),
    queue: createQueue({
      pending: async (page) => (await client()).duplicates.pending(page),
      case: async (id) => (await client()).duplicates.case({ id }),
      resolve: async (input) => (await client()).duplicates.resolve(input),
      undo: async (input) => (await client()).duplicates.undo(input),
    }),
    claims: createResource(async () => (await client()).duplicates.claims(), monotonic),
    history: createHistory({
      history: async (input) => (await client()).duplicates.history(input),
      case: async (id) => (await client()).duplicates.case({ id }),
    }),
    rules: createRules(
      {
        list: async () => (await client()).rules.list(),
        cases: async (id) => (await client()).rules.cases({ id }),
      },
      monotonic,
    ),
    rejected: createRejected(async (page) => (await client()).sync.rejected(page)),
    office: createResource(async () => (await client()).system.officeSettings(), monotonic),
    own: createResource(async () => (await client()).system.consoleSettings(), monotonic),
    outbox: createResource(async () => (await client()).outbox.list(), monotonic),
    wallWindow: createResource(async () => (await client()).wallWindow.state(), monotonic),
    wallMedia: createResource(async () => (await client()).wallWindow.media(), monotonic),
    wallPreview: createWallStores(sourceOfConsole(api), time),
    backups: createBackupsStore(api, monotonic),
    health: createHealth({
      events: async (page) => (await client()).health.events(page),
      incidents: async (page) => (await client()).health.incidents(page),
    }),
    httpApi: createHttpApiStore(api, monotonic),
    archive: createArchiveStore(api, monotonic),
    legacy: createLegacyStore(api, monotonic),
    packages: createPackages(async () => (await client()).packages, monotonic),
    mode: createResource(async () => (await client()).mode.get(), monotonic),
    accounts: createAccounts(api, monotonic),
    performance: createResource(async () => (await client()).performance.view(), monotonic),
    log: createLogStore({
      page: async (query) => (await client()).log.page(query),
      news: async (query) => (await client()).log.news(query),
    }),
    schedules: createResource(async () => (await client()).schedules.list(), monotonic),
    tasks: createResource(async () => (await client()).tasks.list({ limit: 200 }), monotonic),
  };
}

const ServicesContext = createContext<Services | null>(null);
export const ServicesProvider = ServicesContext.Provider;

/** The services of this page. */
export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('The page was drawn without its services');
  return services;
}

/** The present state of a store. */
export function useResource<T>(store: ResourceStore<T>): Resource<T> {
  return useStore(store);
}
