import type { Celebration, WallEvent } from '../../shared/contract/wall.ts';
import type { WallSlide } from '../../shared/contract/wall-plan.ts';
import { slideAt } from '../../shared/wall-schedule.ts';
import type { Api, WallClient } from '../api.ts';
import { burstMelody, honourMelody, melodyOf, summaryMelody, type Bell, type Melody } from '../bell.ts';
import { followStream, pause } from '../follow-stream.ts';
import { join, refresh, turn, type WallSource, type WallStores } from './wall-store.ts';

/** How long a celebration is on the wall, in ms; main sends them further apart. */
export const celebrationMs = 3_600;
/** State and board are fetched this often even when nothing was told, in ms: a wall must notice its own deafness. */
const checkMs = 30_000;
/** The page says this often that it lives, in ms. */
const beatMs = 5_000;
/** What the next slide shows is fetched this long before its turn, in ms. */
const aheadMs = 3_000;

/** A wall's own way to main. */
export function sourceOfWall({ client }: Api<WallClient>): WallSource {
  return {
    board: async () => (await client()).wall.board(),
    state: async () => (await client()).wall.state(),
    settings: async () => (await client()).wall.settings(),
    period: async (period) => (await client()).wall.period({ period }),
    waiting: async () => (await client()).wall.waiting(),
  };
}

export function melodyFor(celebration: Celebration): Melody {
  const [honour] = celebration.honours;
  if (honour !== undefined) return honourMelody(honour);
  if (celebration.kind === 'summary') return summaryMelody;
  const first = celebration.deals[0];
  return celebration.kind === 'pling' && first
    ? melodyOf(first.user_id)
    : burstMelody(celebration.deals.length);
}

/** Fills the stores with each port and keeps them fresh. `marks` counts what was shown and sounded, for tests. */
export function followWall(api: Api<WallClient>, stores: WallStores, bell: Bell, marks: DOMStringMap): void {
  const { connection, board, state, settings, party } = stores;
  const count = (name: string, by = 1) => (marks[name] = String(Number(marks[name] ?? 0) + by));
  let showing = false;

  function ring(melody: Melody, volume: number, own: string | null = null): void {
    if (bell.ring(melody, volume, own)) count('sounded');
  }

  function showNext(): void {
    party.setState(turn);
    const { now } = party.getState();
    showing = now !== null;
    if (now === null) return;
    count('celebrated');
    count('deals', now.count);
    if (!now.silent) ring(melodyFor(now), now.volume, ownSound(stores, now));
    setTimeout(showNext, celebrationMs);
  }

  function tryOut(): void {
    ring(melodyOf('1'), settings.getState().data?.volume ?? 0);
    party.setState({ trying: true });
    setTimeout(() => party.setState({ trying: false }), 2_500);
  }

  function shown(ahead = 0): WallSlide | null {
    const { data } = settings.getState();
    const zone = board.getState().data?.time_zone;
    if (data === null || zone === undefined) return null;
    return slideAt(data.slides, stores.clock.now() + ahead, zone).slide;
  }

  function refreshShown(): void {
    const slide = shown();
    void board.reload();
    if (slide !== null) void refresh(stores, slide);
  }

  function take(event: WallEvent): void {
    if (event.type === 'all' || event.type === 'settings') void settings.reload();
    if (event.type === 'all' || event.type === 'state') void state.reload();
    if (event.type === 'all' || event.type === 'board') refreshShown();
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
      // The volume goes with the time of the day.
      void settings.reload();
      refreshShown();
    }
  }

  async function beat(client: WallClient, signal: AbortSignal): Promise<void> {
    let painted = false;
    while (!signal.aborted) {
      const fetched = board.getState().data !== null || board.getState().failure !== null;
      if (fetched && !painted) await paint(signal);
      const ready = (painted ||= fetched);
      const slide = shown()?.id ?? null;
      await client.wall.beat({ ready, celebrating: showing, slide }).catch(() => {});
      await pause(ready ? beatMs : 500, signal);
    }
  }

  /** Fetches a slide's figures shortly before its turn, so that it never comes with old ones. */
  async function lookAhead(signal: AbortSignal): Promise<void> {
    let coming: string | null = null;
    while (!signal.aborted) {
      await pause(1_000, signal);
      const next = shown(aheadMs);
      if (next === null || next.id === coming) continue;
      coming = next.id;
      void refresh(stores, next);
    }
  }

  api.onConnectionChange((connected) => connection.setState({ connected }));
  api.onConnect((client, signal) => {
    void followStream<WallEvent>(() => client.wall.changes(undefined, { signal }), { onEvent: take }, signal);
    void check(signal);
    void beat(client, signal);
    void lookAhead(signal);
  });
}

/** Resolves when what is there now was painted; a page that is not painted at all is not waited for. */
async function paint(signal: AbortSignal): Promise<void> {
  const frames = new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await Promise.race([frames, pause(1_000, signal)]);
}

function ownSound(stores: WallStores, { kind, deals }: Celebration): string | null {
  const first = deals[0];
  if (kind !== 'pling' || first === undefined) return null;
  return stores.settings.getState().data?.media[first.user_id]?.sound ?? null;
}
