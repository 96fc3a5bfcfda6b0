import { SegmentedControl } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '../../shared/contract/boards.ts';
import { Bones } from '../ui/bones.tsx';
import { Money } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import parts from '../ui/parts.module.css';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import css from './leaderboard.module.css';
import { usePeriodWords } from './period-head.tsx';
import type { PeriodWords } from './period-words.ts';
import { TrendChart } from './trend-chart.tsx';
import { trendBars, type TrendBar } from './trend-bars.ts';

export type Figure = 'deals' | 'commission';

const rowHeight = 28;

/** How the period came about: a chart of its days beside those before, and the same in figures. */
export function Trend({ board }: { board: BoardView | null }): ReactNode {
  const { t } = useTranslation();
  const [figure, setFigure] = useState<Figure>('deals');
  const bars = useMemo(() => (board === null ? null : trendBars(board)), [board]);
  const columns = useTrendColumns(bars?.length ?? 0);
  return (
    <Panel
      title={t('leaderboard.trend')}
      side={
        <SegmentedControl
          size="xs"
          aria-label={t('leaderboard.figure')}
          value={figure}
          onChange={(value) => setFigure(value === 'deals' ? 'deals' : 'commission')}
          data={(['deals', 'commission'] as const).map((value) => ({ value, label: t(`board.${value}`) }))}
        />
      }
      className={css.trend}
    >
      {bars === null ? (
        <Bones rows={10} height={rowHeight} />
      ) : (
        <div className={css.trendBody}>
          <TrendChart bars={bars} figure={figure} />
          <VirtualTable
            label={t('leaderboard.trend')}
            columns={columns}
            rows={bars}
            rowKey={(bar) => bar.from}
            rowHeight={rowHeight}
          />
        </div>
      )}
    </Panel>
  );
}

/** The days of a bar, as short as they can be told apart: of several the first, with its year. */
function labelOf(bar: TrendBar, count: number, words: PeriodWords): string {
  if (count <= 7 && bar.from === bar.to) return words.weekday(bar.from);
  return bar.from === bar.to ? words.short(bar.from) : `${words.dated(bar.from)} –`;
}

function useTrendColumns(count: number): readonly Column<TrendBar>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const words = usePeriodWords();
  return useMemo(() => {
    const quiet = (bar: TrendBar, content: ReactNode): ReactNode =>
      bar.ahead || bar.unknown ? <span className={parts.quiet}>–</span> : content;
    return [
      {
        key: 'days',
        label: t('leaderboard.days'),
        width: 'minmax(52px, 1fr)',
        cell: (bar) => labelOf(bar, count, words),
      },
      {
        key: 'deals',
        label: t('board.deals'),
        width: '46px',
        align: 'end',
        cell: (bar) => quiet(bar, format.number(bar.deals)),
      },
      {
        key: 'commission',
        label: t('board.commission'),
        width: '90px',
        align: 'end',
        cell: (bar) => quiet(bar, <Money value={bar.commission} />),
      },
      {
        key: 'before',
        label: t('leaderboard.dealsBefore'),
        width: '46px',
        align: 'end',
        cell: (bar) => (
          <span className={parts.quiet}>{bar.before.unknown ? '–' : format.number(bar.before.deals)}</span>
        ),
      },
    ];
  }, [t, format, words, count]);
}
