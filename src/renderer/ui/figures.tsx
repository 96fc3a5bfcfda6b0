import type { ReactNode } from 'react';
import { useFromClock } from '../office-clock.ts';
import { useServices } from '../services.ts';
import css from './parts.module.css';
import { useFormat } from './use-format.ts';

/** Money of the office; a dash where none was given. */
export function Money({ value }: { value: number | null }): ReactNode {
  const format = useFormat();
  if (value === null) return <span className={css.quiet}>{format.noCommission}</span>;
  return <span className={css.number}>{format.money(value)}</span>;
}

/** How long ago an instant was, counting: `3 min ago`, or `3 min` when short. */
export function Age({ at, short = false }: { at: string; short?: boolean }): ReactNode {
  const format = useFormat();
  const { clock } = useServices();
  const text = useFromClock(clock, (now) => {
    const ms = now - Date.parse(at);
    if (!short) return format.ago(ms);
    return ms < 2000 ? format.justNow : format.span(ms);
  });
  return (
    <time className={css.number} dateTime={at} title={format.stamp(at)}>
      {text}
    </time>
  );
}

/** Time left until an instant, counting down: `in 0:05`, or `0:05` when short; `now` once it is reached. */
export function Countdown({ to, short = false }: { to: string; short?: boolean }): ReactNode {
  const format = useFormat();
  const { clock } = useServices();
  const text = useFromClock(clock, (now) => {
    const left = Date.parse(to) - now;
    if (left <= 0) return format.now;
    return short ? format.countdown(left) : format.ahead(left);
  });
  return (
    <time className={css.number} dateTime={to} title={format.stamp(to)} role="timer" aria-live="off">
      {text}
    </time>
  );
}

/** An instant of the office: the time today, with the day on other days. */
export function Moment({ at, today }: { at: string; today?: string }): ReactNode {
  const format = useFormat();
  const text = today !== undefined && format.isoDay(at) === today ? format.time(at) : format.stamp(at);
  return (
    <time className={css.number} dateTime={at} title={format.stamp(at)}>
      {text}
    </time>
  );
}

/** A name from outside: shown as text whatever is in it, its direction kept to itself, cut with a title. */
export function Name({ value }: { value: string }): ReactNode {
  return (
    <bdi className={css.name} title={value}>
      {value}
    </bdi>
  );
}
