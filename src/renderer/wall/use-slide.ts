import { useStore } from 'zustand';
import { usualSlide, type WallSlide } from '../../shared/contract/wall-plan.ts';
import { slideAt } from '../../shared/wall-schedule.ts';
import { useFromClock } from '../office-clock.ts';
import { sourceOf, useWall, type WallStores } from './wall-store.ts';

/** The slide that is shown now: the held one, or the one whose turn it is. */
export function useSlide(): WallSlide {
  const { clock, settings, board, held } = useWall();
  const slides = useStore(settings, ({ data }) => data?.slides) ?? [usualSlide];
  const zone = useStore(board, ({ data }) => data?.time_zone) ?? 'UTC';
  const chosen = useStore(held, ({ slide }) => slide);
  // By its id: it is drawn again only when it is another one.
  const id = useFromClock(clock, (now) => slideAt(slides, now, zone).slide.id);
  return chosen ?? slides.find((slide) => slide.id === id) ?? usualSlide;
}

/** The store from which a slide is drawn. */
function storeOf(
  stores: WallStores,
  slide: WallSlide,
): WallStores['board'] | WallStores['waiting'] | WallStores['periods']['week'] {
  const source = sourceOf(slide);
  if (source === 'board') return stores.board;
  return source === 'waiting' ? stores.waiting : stores.periods[source];
}

/** Since when the shown figures are what they are, where they come from the database; null for those of memory. */
export function useCountedAt(slide: WallSlide): string | null {
  return useStore(storeOf(useWall(), slide) as WallStores['waiting'], ({ data }) => data?.counted_at ?? null);
}

/** True when the figures of a slide could not be fetched the last time. */
export function useFailed(slide: WallSlide): boolean {
  return useStore(storeOf(useWall(), slide) as WallStores['waiting'], ({ failure }) => failure !== null);
}
