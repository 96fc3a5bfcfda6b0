import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '../../shared/contract/boards.ts';
import type { WallFigure } from '../../shared/contract/wall-plan.ts';
import { isRead } from '../../shared/known-days.ts';
import { useDayWords, useWallFormat } from './wall-format.ts';

/** Every day of the period as a bar, with the outline of the day as far into the period before. */
export function TrendSlide({ board, figure }: { board: BoardView; figure: WallFigure }): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const words = useDayWords();
  const { trend, before, today, known_from: knownFrom } = board;
  const few = trend.length <= 10;
  const top = Math.max(1, ...[...trend, ...before].map((day) => day[figure]));
  const say = (value: number): string =>
    figure === 'deals' ? format.number(value) : few ? format.money(Math.round(value)) : thousands(value);
  const thousands = (value: number): string => `${format.number(Math.round(value / 1000))}k`;
  return (
    <figure className="trend" aria-label={t('wall.trend.title')}>
      <ol className="bars" data-few={few || undefined}>
        {trend.map((day, index) => {
          // A day that was never read has no height, not even none.
          const then = isRead(knownFrom, before[index]?.day) ? (before[index]?.[figure] ?? 0) : null;
          return (
            <li key={day.day} data-today={day.day === today || undefined}>
              <div className="shaft">
                {then !== null && (
                  <i className="then" style={{ height: `${(Math.max(0, then) / top) * 100}%` }} />
                )}
                <i className="now" style={{ height: `${(Math.max(0, day[figure]) / top) * 100}%` }}>
                  {day.day <= today && day[figure] > 0 && <b>{say(day[figure])}</b>}
                </i>
              </div>
              <span>{few ? words.weekday(day.day) : Number(day.day.slice(8))}</span>
            </li>
          );
        })}
      </ol>
      <figcaption>
        <span className="key-now" aria-hidden /> {t(`wall.trend.${figure}`)}
        <span className="key-then" aria-hidden /> {t(`wall.trend.before.${few ? 'week' : 'month'}`)}
      </figcaption>
    </figure>
  );
}
