import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../ui/use-format.ts';
import css from './leaderboard.module.css';
import { usePeriodWords } from './period-head.tsx';
import { roundUp, type TrendBar } from './trend-bars.ts';
import type { Figure } from './trend.tsx';

// Units of the drawing, which is stretched to its place; strokes and words are not.
const width = 600;
const height = 180;

/** Bars of the period over the outline of the days before it. Its figures stand in the list below. */
export function TrendChart({ bars, figure }: { bars: readonly TrendBar[]; figure: Figure }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const words = usePeriodWords();
  const say = (value: number): string => (figure === 'deals' ? format.number(value) : format.money(value));
  const top = roundUp(Math.max(1, ...bars.flatMap((bar) => [bar[figure], bar.before[figure]])));
  // A few bars stay as slim as those of a week, in the middle.
  const step = width / Math.max(7, bars.length);
  const start = (width - step * bars.length) / 2;
  const first = bars[0];
  const last = bars.at(-1);
  const sameYear = first?.from.slice(0, 4) === last?.to.slice(0, 4);
  const ends = (day: string): string => (sameYear ? words.short(day) : words.dated(day));
  return (
    <figure className={css.chart}>
      <div className={css.plot}>
        <span className={css.axis} aria-hidden>
          {say(top)}
        </span>
        <svg
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t('leaderboard.chart', {
            figure: t(`board.${figure}`),
            from: words.short(first?.from ?? ''),
            to: words.short(last?.to ?? ''),
            top: say(Math.max(0, ...bars.map((bar) => bar[figure]))),
          })}
        >
          <line className={css.grid} x1={0} x2={width} y1={height / 2} y2={height / 2} />
          {bars.map((bar, index) => (
            <Bar key={bar.from} bar={bar} index={index} {...{ figure, start, step, top, say }} />
          ))}
          <path className={css.outline} d={outlineOf(bars, figure, { start, step, top })} />
        </svg>
      </div>
      <figcaption className={css.caption}>
        <span>{first === undefined ? '' : ends(first.from)}</span>
        <span className={css.legend}>
          <i className={css.now} aria-hidden /> {t('leaderboard.thisPeriod')}
          <i className={css.then} aria-hidden /> {t('leaderboard.daysBefore')}
        </span>
        <span>{last === undefined || last.to === first?.from ? '' : ends(last.to)}</span>
      </figcaption>
    </figure>
  );
}

function Bar(props: {
  bar: TrendBar;
  index: number;
  figure: Figure;
  start: number;
  step: number;
  top: number;
  say: (value: number) => string;
}): ReactNode {
  const { bar, figure, step, top, say } = props;
  const x = props.start + props.index * step;
  const words = usePeriodWords();
  const tall = (Math.max(0, bar[figure]) / top) * height;
  const days = (of: { from: string; to: string }): string =>
    of.from === of.to ? words.weekday(of.from) : words.days(of.from, of.to);
  return (
    <g>
      <title>{`${days(bar)}: ${bar.unknown ? '–' : say(bar[figure])}\n${words.short(bar.before.from)}: ${bar.before.unknown ? '–' : say(bar.before[figure])}`}</title>
      <rect className={css.reach} x={x} y={0} width={step} height={height} />
      <rect className={css.now} x={x + step * 0.14} y={height - tall} width={step * 0.72} height={tall} />
    </g>
  );
}

/** A line of steps over the bars: what the same days before brought. It begins where those were read. */
function outlineOf(
  bars: readonly TrendBar[],
  figure: Figure,
  { start, step, top }: { start: number; step: number; top: number },
): string {
  return bars
    .map((bar, index) => {
      if (bar.before.unknown) return '';
      const y = height - (Math.max(0, bar.before[figure]) / top) * height;
      return `${index === 0 || bars[index - 1]?.before.unknown ? 'M' : 'L'}${start + index * step} ${y}H${start + (index + 1) * step}`;
    })
    .join('');
}
