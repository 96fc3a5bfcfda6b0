import type { TFunction } from 'i18next';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FairFacts } from '../../shared/contract/boards.ts';
import type { BoardRow } from '../../shared/contract/deals.ts';
import type { WallPeriodView } from '../../shared/contract/wall.ts';
import type { WallPeriod, WallSide, WallSlide } from '../../shared/contract/wall-plan.ts';
import { rowOfGroup } from './arrange-board.ts';
import { BattleSlide } from './battle-slide.tsx';
import { FromStore } from './from-store.tsx';
import { MetricsSlide } from './metrics-slide.tsx';
import { TargetSlide } from './target-slide.tsx';
import { TrendSlide } from './trend-slide.tsx';
import { useSlide } from './use-slide.ts';
import { WaitingSlide } from './waiting-slide.tsx';
import { WallBoardView } from './wall-board.tsx';
import { refresh, useWall } from './wall-store.ts';

/** The slide whose turn it is; a new one fades in over the same frame. */
export function Stage(): ReactNode {
  const stores = useWall();
  const slide = useSlide();
  useEffect(() => void refresh(stores, slide), [stores, slide]);
  return (
    <main className="board">
      <section className="slide" key={slide.id}>
        <Slide slide={slide} />
      </section>
    </main>
  );
}

function Slide({ slide }: { slide: WallSlide }): ReactNode {
  const { t } = useTranslation();
  const { board } = useWall();
  switch (slide.kind) {
    case 'board':
      if (slide.period === 'today' && slide.by !== 'groups')
        return (
          <FromStore store={board}>
            {(data) => (
              <WallBoardView
                rows={agentsOf(data.board, slide.by, data.fair)}
                fair={data.fair}
                metric={slide.metric}
                label={t('wall.period.today')}
                empty={emptyOf(slide.by, data.fair, t('wall.empty'), t)}
              />
            )}
          </FromStore>
        );
      return (
        <OfPeriod period={slide.period}>
          {({ agents, groups, fair }) => (
            <WallBoardView
              rows={slide.by === 'groups' ? groups.map(rowOfGroup) : agentsOf(agents, slide.by, fair)}
              fair={slide.by === 'groups' ? null : fair}
              metric={slide.metric}
              label={t(`wall.period.${slide.period}`)}
              empty={emptyOf(
                slide.by,
                fair,
                t(slide.period === 'today' ? 'wall.empty' : 'wall.emptyPeriod'),
                t,
              )}
            />
          )}
        </OfPeriod>
      );
    case 'trend':
      return (
        <OfPeriod period={slide.period}>
          {(data) => <TrendSlide board={data} figure={slide.figure} />}
        </OfPeriod>
      );
    case 'metrics':
      return (
        <OfPeriod period={slide.period}>
          {(data) => <MetricsSlide board={data} period={slide.period} />}
        </OfPeriod>
      );
    case 'battle':
      return (
        <OfPeriod period={slide.period}>
          {(data) => <BattleSlide groups={data.groups} figure={slide.figure} />}
        </OfPeriod>
      );
    case 'target':
      return <FromStore store={board}>{(data) => <TargetSlide board={data} />}</FromStore>;
    case 'waiting':
      return <WaitingSlide />;
  }
}

/** Those who began lately are ranked among themselves. */
function agentsOf(rows: readonly BoardRow[], by: WallSide, fair: FairFacts): readonly BoardRow[] {
  if (by !== 'rookies') return rows;
  const rookies = new Set(fair.rookies);
  return rows.filter((row) => rookies.has(row.user_id));
}

/** Why a board is empty; without the switch nobody is told to be new. */
function emptyOf(by: WallSide, fair: FairFacts, usual: string, t: TFunction): string {
  if (by !== 'rookies') return usual;
  return t(fair.rookies === null ? 'wall.rookiesOff' : 'wall.noRookies');
}

function OfPeriod(props: { period: WallPeriod; children: (board: WallPeriodView) => ReactNode }): ReactNode {
  return <FromStore store={useWall().periods[props.period]}>{props.children}</FromStore>;
}
