import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { BoardView, FairFacts } from '../../shared/contract/boards.ts';
import { markBoard, type FairMarks } from '../../shared/fair-board.ts';
import { namedOf } from '../ui/fair-board.tsx';
import { rankBoard } from '../ui/sort-board.ts';
import { useFormat } from '../ui/use-format.ts';
import { usePeriodWords } from './period-head.tsx';
import { headOf } from './period-words.ts';
import css from './printed-board.module.css';

/** The report on paper: every row of the board, whatever is in view on screen. Seen only when the page is printed. */
export function PrintedBoard({ board, fair }: { board: BoardView; fair: FairFacts | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const ranked = rankBoard(board.agents, format.compare);
  const named = namedOf(ranked, fair);
  const marks = fair === null ? new Map<string, FairMarks>() : markBoard(board.agents, fair);
  const wordsOf = (userId: string): string => {
    const of = marks.get(userId);
    if (of === undefined) return '';
    const best = of.best === null ? [] : [t('fair.best')];
    const rise = of.rise === null ? [] : [t('fair.improved', { rise: format.number(of.rise) })];
    return [...best, ...rise, ...(of.rookie ? [t('fair.rookie')] : [])].join(', ');
  };
  const head = headOf(board, usePeriodWords());
  const { deals, commission, sms, conversion } = board.totals;
  const rate = (value: number | null) => (value === null ? '–' : format.rate(value));
  const figures = (row: BoardView['totals']): ReactNode => (
    <>
      <td>{format.number(row.deals)}</td>
      <td>{format.money(row.commission)}</td>
      <td>{format.number(row.sms)}</td>
      <td>{rate(row.conversion)}</td>
    </>
  );
  const heads = (
    <>
      <th scope="col">{t('today.deals')}</th>
      <th scope="col">{t('today.commission')}</th>
      <th scope="col">{t('today.sms')}</th>
      <th scope="col">{t('report.rate')}</th>
    </>
  );
  return createPortal(
    <article className={css.report} data-print>
      <h1>{t(board.shape === 'day' ? 'report.day' : 'report.period')}</h1>
      <p className={css.days}>
        {head.week === null ? head.days : t('leaderboard.week', { week: head.week, days: head.days })}
      </p>
      <table className={css.totals}>
        <thead>
          <tr>{heads}</tr>
        </thead>
        <tbody>
          <tr>{figures({ deals, commission, sms, conversion })}</tr>
        </tbody>
      </table>
      <table>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{t('leaderboard.tabs.agents')}</th>
            {heads}
          </tr>
        </thead>
        <tbody>
          {named.map((row) => (
            <tr key={row.user_id}>
              <td>{format.number(row.rank)}</td>
              <th scope="row">
                <bdi>{row.name}</bdi>
                {row.group === null ? null : <small> {row.group}</small>}
                {marks.has(row.user_id) ? <small> · {wordsOf(row.user_id)}</small> : null}
              </th>
              {figures(row)}
            </tr>
          ))}
          {named.length === ranked.length ? null : (
            <tr>
              <td colSpan={6}>{t('fair.rest', { count: ranked.length - named.length })}</td>
            </tr>
          )}
        </tbody>
      </table>
      {board.groups.length === 0 ? null : (
        <table>
          <thead>
            <tr>
              <th scope="col">#</th>
              <th scope="col">{t('leaderboard.tabs.groups')}</th>
              {heads}
            </tr>
          </thead>
          <tbody>
            {board.groups.map((row, place) => (
              <tr key={row.group}>
                <td>{format.number(place + 1)}</td>
                <th scope="row">
                  <bdi>{row.group}</bdi>
                </th>
                {figures(row)}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <footer>
        {t('report.counted', {
          when: `${format.isoDay(board.counted_at)} ${format.time(board.counted_at)}`,
          zone: board.time_zone,
        })}
      </footer>
    </article>,
    document.body,
  );
}
