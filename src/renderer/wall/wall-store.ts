import { createContext, useContext } from 'react';
import { createStore, type StoreApi } from 'zustand';
import type {
  Celebration,
  WallBoard,
  WallEvent,
  WallSettings,
  WallState,
} from '../../shared/contract/wall.ts';
import type { Api, WallClient } from '../api.ts';
import { burstMelody, melodyOf, summaryMelody, type Bell, type Melody } from '../bell.ts';
import { followStream, pause } from '../follow-stream.ts';
import { createOfficeClock, type OfficeClock } from '../office-clock.ts';
import { createResource, type ResourceStore } from '../resource.ts';

/** How long a celebration is on the wall, in ms; main sends them further apart. */
export const celebrationMs = 3_600;
/** More than this many cannot wait; main never sends so many. */
const mostWaiting = 10;
/** State and board are fetched this often even when nothing was told, in ms: a wall must notice its own deafness. */
const checkMs = 30_000;

export interface Party {
  /** On the wall now. */
  readonly now: Celebration | null;
  readonly waiting: readonly Celebration[];
  /** True for a moment after the sound was tried. */
  readonly trying: boolean;
}

/** Everything the wall shows. */
export interface WallStores {
  readonly api: Api<WallClient>;
  readonly clock: OfficeClock;
  readonly connection: StoreApi<{ connected: boolean }>;
  readonly board: ResourceStore<WallBoard>;
  readonly state: ResourceStore<WallState>;
  readonly settings: ResourceStore<WallSettings>;
  readonly party: StoreApi<Party>;
}

export function createWallStores(
  api: Api<WallClient>,
  time: { monotonic: () => number; wall: () => number },
): WallStores {
  const clock = createOfficeClock(time.monotonic, time.wall());
  const client = api.client;
  return {
    api,
    clock,
    connection: createStore(() => ({ connected: true })),
    board: createResource(async () => (await client()).wall.board(), time.monotonic),
    state: createResource(async () => {
      const state = await (await client()).wall.state();
      clock.set(state.now);
      return state;
    }, time.monotonic),
    settings: createResource(async () => (await client()).wall.settings(), time.monotonic),
    party: createStore<Party>(() => ({ now: null, waiting: [], trying: false })),
  };
}

/** Adds a celebration behind those that wait. One that is told twice (it never is) is taken once. */
export function join(party: Party, next: Celebration): Party {
  const newest = party.waiting.at(-1) ?? party.now;
  if (newest !== null && next.number <= newest.number) return party;
  return { ...party, waiting: [...party.waiting, next].slice(-mostWaiting) };
}

/** Takes the present one off the wall and puts the next one on. */
export function turn(party: Party): Party {
  const [now = null, ...waiting] = party.waiting;
  return { ...party, now, waiting };
}

export function melodyFor(celebration: Celebration): Melody {
  if (celebration.kind === 'summary') return summaryMelody;
  const first = celebration.deals[0];
  return celebration.kind === 'pling' && first
    ? melodyOf(first.user_id)
    : burstMelody(celebration.deals.length);
}

/** Fills the stores with each port and keeps them fresh. `marks` counts what was shown and sounded, for tests. */
export function followWall(stores: WallStores, bell: Bell, marks: DOMStringMap): void {
  const { api, connection, board, state, settings, party } = stores;
  const count = (name: string, by = 1) => (marks[name] = String(Number(marks[name] ?? 0) + by));
  let showing = false;

  function ring(melody: Melody): void {
    if (bell.ring(melody, settings.getState().data?.volume ?? 0)) count('sounded');
  }

  function showNext(): void {
    party.setState(turn);
    const { now } = party.getState();
    showing = now !== null;
    if (now === null) return;
    count('celebrated');
    count('deals', now.count);
    if (!now.silent) ring(melodyFor(now));
    setTimeout(showNext, celebrationMs);
  }

  function tryOut(): void {
    ring(melodyOf('1'));
    party.setState({ trying: true });
    setTimeout(() => party.setState({ trying: false }), 2_500);
  }

  function take(event: WallEvent): void {
    if (event.type === 'all' || event.type === 'settings') void settings.reload();
    if (event.type === 'all' || event.type === 'state') void state.reload();
    if (event.type === 'all' || event.type === 'board') void board.reload();
    if (event.type === 'test-sound') tryOut();
    if (event.type !== 'celebrate') return;
    party.setState((before) => join(before, event.celebration));
    if (!showing) showNext();
  }

  async function check(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(checkMs, signal);
      if (signal.aborted) return;
      void state.reload();
      void board.reload();
    }
  }

  api.onConnectionChange((connected) => connection.setState({ connected }));
  api.onConnect((client, signal) => {
    void followStream<WallEvent>(() => client.wall.changes(undefined, { signal }), { onEvent: take }, signal);
    void check(signal);
  });
}

const WallContext = createContext<WallStores | null>(null);
export const WallProvider = WallContext.Provider;

/** The stores of this wall. */
export function useWall(): WallStores {
  const stores = useContext(WallContext);
  if (stores === null) throw new Error('The wall was drawn without its stores');
  return stores;
}
