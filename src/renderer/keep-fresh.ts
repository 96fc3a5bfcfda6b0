import type { PackagesProgress } from '../shared/contract/catalogue.ts';
import type { PassProgress } from '../shared/contract/sync.ts';
import type { LinkTarget } from '../shared/contract/links.ts';
import type { StreamEvent } from '../shared/contract/system.ts';
import type { Failure } from './failure.ts';
import type { ConsoleClient } from './api.ts';
import type { Services } from './services.ts';
import { firstAnswers, type Answered } from './first-answers.ts';
import { followStream, pause } from './follow-stream.ts';
import { takeProgress, takeState } from './sync/sync-store.ts';
import { allTopics, whatChanged, type Topic } from './what-changed.ts';

/** Changes that come close together are fetched once: the first waits this long for the others. */
const gatherMs = 120;
/** How often a list whose last fetch failed is tried again. */
const retryMs = 5_000;

interface Fetched {
  reload(): Promise<void>;
  getState(): { readonly failure: Failure | null };
}

const stores: Record<Topic, (services: Services) => readonly Fetched[]> = {
  system: (s) => [s.system],
  today: (s) => [s.today],
  leaderboard: (s) => [s.leaderboard],
  fair: (s) => [s.fairToday],
  sync: (s) => [s.sync],
  runs: (s) => [s.runs],
  held: (s) => [s.held],
  heldDeals: (s) => [s.heldDeals],
  duplicates: (s) => [s.queue.list.rows],
  case: (s) => [s.queue.shown, s.history.shown],
  claims: (s) => [s.claims],
  history: (s) => [s.history.list],
  rules: (s) => s.rules.shown(),
  rejected: (s) => [s.rejected],
  office: (s) => [s.office],
  wallWindow: (s) => [s.wallWindow],
  outbox: (s) => [s.outbox],
  health: (s) => [s.health.events, s.health.incidents],
  httpApi: (s) => [s.httpApi.state, s.httpApi.tokens],
  packages: (s) => [s.packages.state, s.packages.health, s.packages.needy],
  packageLists: (s) => s.packages.lists,
  mode: (s) => [s.mode],
  accounts: (s) =>
    s.accounts.getState().opened ? [s.accounts.list, s.accounts.requests, s.accounts.kept] : [],
  tasks: (s) => [s.tasks],
  schedules: (s) => [s.schedules],
};

function fetchAgain(services: Services, topic: Topic): void {
  for (const store of stores[topic](services)) void store.reload();
}

function failedTopics(services: Services): Topic[] {
  return allTopics.filter((topic) =>
    stores[topic](services).some((store) => store.getState().failure !== null),
  );
}

/** Goes where a click outside the window leads, to the very case where it names one. */
function openTarget({ navigation, queue }: Services, target: LinkTarget): void {
  navigation.open(target);
  if (target.screen === 'duplicates' && target.id !== undefined) queue.choose(target.id);
}

/** Gathers topics for a moment, then fetches each once. */
function createGatherer(services: Services): (topics: readonly Topic[]) => void {
  const waiting = new Set<Topic>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (topics) => {
    for (const topic of topics) waiting.add(topic);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const topic of waiting) fetchAgain(services, topic);
      waiting.clear();
    }, gatherMs);
  };
}

/** Nothing else waits longer than this for the answers of the first picture, in ms. */
const firstPatienceMs = 1_000;

/** What the first picture is drawn from. It is asked for before all else, so that it waits for nothing but itself. */
export function firstStores(services: Services): readonly (Answered & Fetched)[] {
  const { own, system, today, fairToday, office, sync } = services;
  return [today, system, own, office, fairToday, sync];
}

async function retryFailed(services: Services, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(retryMs, signal);
    if (!signal.aborted) for (const topic of failedTopics(services)) fetchAgain(services, topic);
  }
}

/**
 * Fills every store with each new port, those of the first picture first and the rest when it is `drawn`, and keeps
 * them fresh by the change stream. Whenever the stream is opened anew everything is fetched, because what happened in between was not told.
 */
export function keepFresh(services: Services, drawn: Promise<unknown> = Promise.resolve()): void {
  const fetchSoon = createGatherer(services);
  services.sync.subscribe(({ data }, former) => {
    if (data !== null && data !== former.data) services.passes.setState((state) => takeState(state, data));
  });
  services.api.onConnectionChange((connected) => services.connection.setState({ connected }));
  services.api.onConnect((client, signal) => {
    const first = firstStores(services);
    for (const store of first) void store.reload();
    void Promise.all([firstAnswers(first, firstPatienceMs), drawn]).then(() => {
      if (!signal.aborted) followAll(services, client, fetchSoon, signal);
    });
  });
}

/** Fetches the rest, then follows every stream of one port. */
function followAll(
  services: Services,
  client: ConsoleClient,
  fetchSoon: (topics: readonly Topic[]) => void,
  signal: AbortSignal,
): void {
  const first = new Set<Fetched>(firstStores(services));
  for (const topic of allTopics) {
    for (const store of stores[topic](services)) if (!first.has(store)) void store.reload();
  }
  // Only with its first event is a stream known to miss nothing, so the lists are fetched again then.
  let opened = false;
  void followStream<StreamEvent>(
    () => client.system.changes(undefined, { signal }),
    {
      onOpen: () => {
        opened = true;
      },
      onEvent: (event) => {
        if (event.type === 'open') openTarget(services, event.target);
        fetchSoon(opened ? allTopics : whatChanged(event));
        opened = false;
      },
    },
    signal,
  );
  void followStream<PassProgress>(
    () => client.sync.progress(undefined, { signal }),
    {
      onEvent: (event) => {
        services.passes.setState((state) => takeProgress(state, event));
        if (event.stage === 'ended') fetchSoon(['sync', 'runs']);
      },
    },
    signal,
  );
  void followStream<PackagesProgress>(
    () => client.packages.progress(undefined, { signal }),
    {
      onEvent: (event) => {
        services.packages.take(event);
        if (event.stage === 'ended') fetchSoon(['packages', 'packageLists']);
      },
    },
    signal,
  );
  void retryFailed(services, signal);
}
