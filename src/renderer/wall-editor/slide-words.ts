import type { TFunction } from 'i18next';
import type { WallSlide } from '../../shared/contract/wall-plan.ts';

/** What a slide shows, in a line. */
export function titleOf(slide: WallSlide, t: TFunction): string {
  const kind = t(`wallEditor.kind.${slide.kind}`);
  const parts: string[] = [];
  if ('period' in slide) parts.push(t(`wall.period.${slide.period}`).toLowerCase());
  if (slide.kind === 'board') {
    parts.push(t(`wallEditor.by.${slide.by}`).toLowerCase());
    if (slide.metric !== 'deals') parts.push(t(`wall.about.${slide.metric}`));
  }
  if ('figure' in slide) parts.push(t(`wall.${slide.figure}`));
  return [kind, ...parts].join(', ');
}

/** For how long and when a slide is shown, in a line. */
export function whenOf(slide: WallSlide, t: TFunction, dayName: (day: number) => string): string {
  const parts = [t('wallEditor.forSeconds', { count: slide.seconds })];
  if (slide.hours !== null) parts.push(`${slide.hours.from}–${slide.hours.to}`);
  const days = slide.weekdays.join('');
  if (days === '12345') parts.push(t('wallEditor.workdays'));
  else if (days.length < 7) parts.push(slide.weekdays.map(dayName).join(' '));
  return parts.join(' · ');
}

/** Names of the weekdays, 1 for Monday. */
export function dayNames(language: string): (day: number) => string {
  const names = new Intl.DateTimeFormat(language === 'sv' ? 'sv-SE' : 'en-GB', {
    weekday: 'short',
    timeZone: 'UTC',
  });
  // 5 January 1970 was a Monday.
  return (day) => names.format((day + 3) * 86_400_000);
}
