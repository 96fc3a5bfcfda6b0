import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '../../shared/contract/boards.ts';
import { Age } from '../ui/figures.tsx';
import { useFormat } from '../ui/use-format.ts';
import css from './leaderboard.module.css';
import { createPeriodWords, headOf, type PeriodWords } from './period-words.ts';

/** The words for days in the page's language. */
export function usePeriodWords(): PeriodWords {
  const { language } = useFormat();
  return useMemo(() => createPeriodWords(language), [language]);
}

/** Which days these are, and when they were counted. */
export function PeriodHead({ board }: { board: BoardView | null }): ReactNode {
  const { t } = useTranslation();
  const words = usePeriodWords();
  const head = board === null ? null : headOf(board, words);
  return (
    <h1 className={css.heading}>
      {t('screens.leaderboard')}
      <span className={css.days}>
        {head === null
          ? '\u00a0'
          : head.week === null
            ? head.days
            : t('leaderboard.week', { week: head.week, days: head.days })}
      </span>
      {board === null ? null : (
        <span>
          {t('leaderboard.counted')} <Age at={board.counted_at} />
          {board.known_from !== null && board.known_from > board.from
            ? ` · ${t('leaderboard.knownFrom', { day: words.dated(board.known_from) })}`
            : null}
        </span>
      )}
    </h1>
  );
}
