import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PackagesHealth } from '../../shared/contract/my-packages.ts';
import { useFormat } from '../ui/use-format.ts';
import css from './packages.module.css';
import { scoreLine, yOf } from './score-line.ts';

// Units of the drawing, which is stretched to its place; strokes and words are not.
const size = { width: 600, height: 200 };

/** The score of each validation, with the line below which somebody is told. */
export function ScoreChart(props: { points: PackagesHealth['trend']; target: number }): ReactNode {
  const { points, target } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const { floor, runs } = scoreLine(points, target, size);
  const percent = (score: number): string => format.percent(score / 100);
  const y = (score: number): number => yOf(score, floor, size.height);
  const first = points[0];
  const last = points.at(-1);
  const step = size.width / Math.max(1, points.length - 1);
  return (
    <figure className={css.chart}>
      <div className={css.plot}>
        {[...new Set([100, target, floor])].map((score) => (
          <span key={score} className={css.axis} style={{ top: `${y(score) / 2}%` }} aria-hidden>
            {percent(score)}
          </span>
        ))}
        <svg
          viewBox={`0 0 ${size.width} ${size.height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t('packages.trend.chart', {
            from: format.day(first?.at ?? new Date(0)),
            to: format.day(last?.at ?? new Date(0)),
            score: last?.score === null || last === undefined ? '–' : percent(last.score),
          })}
        >
          <line className={css.grid} x1={0} x2={size.width} y1={y(100)} y2={y(100)} />
          <line className={css.grid} x1={0} x2={size.width} y1={size.height} y2={size.height} />
          {runs.map((run) => {
            const line = run.map((one, i) => `${i === 0 ? 'M' : 'L'}${one.x} ${one.y}`).join('');
            return (
              <g key={run[0]?.point.at}>
                <path className={css.under} d={`${line}V${size.height}H${run[0]?.x ?? 0}Z`} />
                <path className={css.score} d={line} />
              </g>
            );
          })}
          <line className={css.target} x1={0} x2={size.width} y1={y(target)} y2={y(target)} />
          {runs.flat().map(({ x, point }) => (
            <rect key={point.at} x={x - step / 2} y={0} width={step} height={size.height} fill="transparent">
              <title>{`${format.stamp(point.at)}: ${percent(point.score ?? 0)} (${format.number(point.valid)}/${format.number(point.total)})`}</title>
            </rect>
          ))}
        </svg>
      </div>
      <figcaption className={css.caption}>
        <span>{first === undefined ? '' : format.day(first.at)}</span>
        <span>
          <i className={css.key} aria-hidden /> {t('packages.trend.score')}
          <i className={`${css.key} ${css.keyTarget}`} aria-hidden /> {t('packages.trend.target')}
        </span>
        <span>{last === undefined ? '' : format.day(last.at)}</span>
      </figcaption>
    </figure>
  );
}
