import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '../../shared/contract/boards.ts';
import { Stat } from '../ui/stat.tsx';
import { useFormat, type PageFormat } from '../ui/use-format.ts';
import css from './leaderboard.module.css';
import { usePeriodWords } from './period-head.tsx';
import { soFar } from './trend-bars.ts';

/** The period in four numbers, compared with the same days before it. */
export function PeriodNumbers({ board }: { board: BoardView | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const words = usePeriodWords();
  if (board === null) {
    return (
      <div className={css.stats}>
        {(['deals', 'commission', 'sms', 'conversion'] as const).map((name) => (
          <Stat key={name} label={t(`leaderboard.totals.${name}`)} value={null} />
        ))}
      </div>
    );
  }
  const { totals } = board;
  const { days, now, before, isKnown } = soFar(board);
  const known = t('leaderboard.knownFrom', {
    day: board.known_from === null ? '' : words.dated(board.known_from),
  });
  const against = (figure: 'deals' | 'commission', say: (value: number) => string): string | undefined =>
    days === 0
      ? undefined
      : !isKnown
        ? known
        : t('leaderboard.against', {
            change: changeOf(now[figure], before[figure], say, format),
            before: say(before[figure]),
            days: words.stretch(before.from, before.to),
          });
  // To compare with, whole kronor are enough, and leave room for the days.
  const whole = (value: number) => format.money(Math.round(value));
  const perDeal = totals.deals === 0 ? undefined : whole(totals.commission / totals.deals);
  return (
    <div className={css.stats}>
      <Stat
        label={t('leaderboard.totals.deals')}
        value={format.number(totals.deals)}
        note={against('deals', format.number)}
      />
      <Stat
        label={t('leaderboard.totals.commission')}
        value={format.money(totals.commission)}
        note={against('commission', whole)}
      />
      <Stat
        label={t('leaderboard.totals.sms')}
        value={format.number(totals.sms)}
        note={t('leaderboard.perDay')}
      />
      <Stat
        label={t('leaderboard.totals.conversion')}
        value={totals.conversion === null ? '–' : format.rate(totals.conversion)}
        note={perDeal === undefined ? undefined : t('today.perDeal', { money: perDeal })}
      />
    </div>
  );
}

/** `+12 %`, `−3 %`, `±0 %`; only the difference, in its own words, where there was nothing before. */
function changeOf(now: number, before: number, say: (value: number) => string, format: PageFormat): string {
  if (before <= 0) return now === before ? '±0' : `+${say(now - before)}`;
  const share = (now - before) / before;
  const rounded = Math.round(share * 100) / 100;
  if (rounded === 0) return `±${format.percent(0)}`;
  return `${rounded > 0 ? '+' : '−'}${format.percent(Math.abs(rounded))}`;
}
