import {
  mostSlides,
  usualSlide,
  weekdays,
  type SlideKind,
  type WallSlide,
} from '../../shared/contract/wall-plan.ts';

/** A slide as it is when it is added, to be changed from there. */
export function newSlide(kind: SlideKind, id: string): WallSlide {
  const common = { id, seconds: 15, hours: null, weekdays: [...weekdays] };
  switch (kind) {
    case 'board':
      return { ...common, kind, period: 'week', by: 'agents', metric: 'deals' };
    case 'trend':
      return { ...common, kind, period: 'week', figure: 'deals' };
    case 'metrics':
      return { ...common, kind, period: 'today' };
    case 'battle':
      return { ...common, kind, period: 'week', figure: 'commission' };
    case 'target':
    case 'waiting':
      return { ...common, kind };
  }
}

/** Adds a slide behind another, or at the end; as they were where there is no more room. */
export function addSlide(
  slides: readonly WallSlide[],
  slide: WallSlide,
  behind: string | null,
): readonly WallSlide[] {
  if (slides.length >= mostSlides) return slides;
  const at = slides.findIndex(({ id }) => id === behind);
  return at < 0 ? [...slides, slide] : slides.toSpliced(at + 1, 0, slide);
}

/** Without a slide; the last one is followed by today's board, for a wall shows something. */
export function removeSlide(slides: readonly WallSlide[], id: string): readonly WallSlide[] {
  const rest = slides.filter((slide) => slide.id !== id);
  return rest.length > 0 ? rest : [usualSlide];
}

/** Puts a slide at a place, from 0; places beyond the ends are the ends. */
export function moveSlide(slides: readonly WallSlide[], id: string, to: number): readonly WallSlide[] {
  const from = slides.findIndex((slide) => slide.id === id);
  const moved = slides[from];
  if (moved === undefined) return slides;
  const place = Math.max(0, Math.min(to, slides.length - 1));
  return slides.toSpliced(from, 1).toSpliced(place, 0, moved);
}

export function changeSlide(slides: readonly WallSlide[], next: WallSlide): readonly WallSlide[] {
  return slides.map((slide) => (slide.id === next.id ? next : slide));
}

/** A weekday more or less, in order; the last one stays. */
export function toggleDay(days: readonly number[], day: number): number[] {
  const next = days.includes(day) ? days.filter((other) => other !== day) : [...days, day];
  return next.length === 0 ? [...days] : next.sort((a, b) => a - b);
}
