import { createContext, useContext } from 'react';
import { createStore, type StoreApi } from 'zustand';
import type {
  Celebration,
  WallBoard,
  WallPeriodView,
  WallSettings,
  WallState,
  WallWaiting,
} from '../../shared/contract/wall.ts';
import type { WallPeriod, WallSlide } from '../../shared/contract/wall-plan.ts';
import { createOfficeClock, type OfficeClock } from '../office-clock.ts';
import { createResource, type ResourceStore } from '../resource.ts';

/** More than this many cannot wait; main never sends so many. */
const mostWaiting = 10;

export interface Party {
  /** On the wall now. */
  readonly now: Celebration | null;
  readonly waiting: readonly Celebration[];
  /** True for a moment after the sound was tried. */
  readonly trying: boolean;
}

/** Where a wall, or the console's preview of one, gets what it shows. */
export interface WallSource {
  board(): Promise<WallBoard>;
  state(): Promise<WallState>;
  settings(): Promise<WallSettings>;
  period(period: WallPeriod): Promise<WallPeriodView>;
  waiting(): Promise<WallWaiting>;
}

/** Everything the wall shows. */
export interface WallStores {
  readonly clock: OfficeClock;
  readonly connection: StoreApi<{ connected: boolean }>;
  readonly board: ResourceStore<WallBoard>;
  readonly periods: Readonly<Record<WallPeriod, ResourceStore<WallPeriodView>>>;
  readonly waiting: ResourceStore<WallWaiting>;
  readonly state: ResourceStore<WallState>;
  readonly settings: ResourceStore<WallSettings>;
  readonly party: StoreApi<Party>;
  /** A slide that is shown whatever its turn is, as an editor wants it; null: by turns. */
  readonly held: StoreApi<{ slide: WallSlide | null }>;
}

export function createWallStores(
  source: WallSource,
  time: { monotonic: () => number; wall: () => number },
): WallStores {
  const { monotonic } = time;
  const clock = createOfficeClock(monotonic, time.wall());
  const period = (name: WallPeriod) => createResource(() => source.period(name), monotonic);
  return {
    clock,
    connection: createStore(() => ({ connected: true })),
    board: createResource(() => source.board(), monotonic),
    periods: { today: period('today'), week: period('week'), month: period('month') },
    waiting: createResource(() => source.waiting(), monotonic),
    state: createResource(async () => {
      const state = await source.state();
      clock.set(state.now);
      return state;
    }, monotonic),
    settings: createResource(() => source.settings(), monotonic),
    party: createStore<Party>(() => ({ now: null, waiting: [], trying: false })),
    held: createStore(() => ({ slide: null })),
  };
}

/** What a slide is drawn from: today's board in main's memory, a period of the database, or what waits. */
export function sourceOf(slide: WallSlide): 'board' | 'waiting' | WallPeriod {
  switch (slide.kind) {
    case 'board':
      return slide.period === 'today' && slide.by !== 'groups' ? 'board' : slide.period;
    case 'trend':
    case 'metrics':
    case 'battle':
      return slide.period;
    case 'target':
      return 'board';
    case 'waiting':
      return 'waiting';
  }
}

/** Fetches what a slide is drawn from. */
export function refresh(stores: WallStores, slide: WallSlide): Promise<void> {
  const source = sourceOf(slide);
  if (source === 'board') return stores.board.reload();
  return source === 'waiting' ? stores.waiting.reload() : stores.periods[source].reload();
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

const WallContext = createContext<WallStores | null>(null);
export const WallProvider = WallContext.Provider;

/** The stores of this wall. */
export function useWall(): WallStores {
  const stores = useContext(WallContext);
  if (stores === null) throw new Error('The wall was drawn without its stores');
  return stores;
}
