import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '../../shared/contract/boards.ts';
import type { WallPeriod, WallSlide } from '../../shared/contract/wall-plan.ts';
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
      if (slide.period === 'today' && slide.by === 'agents')
        return (
          <FromStore store={board}>
            {(data) => (
              <WallBoardView
                rows={data.board}
                metric={slide.metric}
                label={t('wall.period.today')}
                empty={t('wall.empty')}
              />
            )}
          </FromStore>
        );
      return (
        <OfPeriod period={slide.period}>
          {({ agents, groups }) => (
            <WallBoardView
              rows={slide.by === 'agents' ? agents : groups.map(rowOfGroup)}
              metric={slide.metric}
              label={t(`wall.period.${slide.period}`)}
              empty={t(slide.period === 'today' ? 'wall.empty' : 'wall.emptyPeriod')}
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

function OfPeriod(props: { period: WallPeriod; children: (board: BoardView) => ReactNode }): ReactNode {
  return <FromStore store={useWall().periods[props.period]}>{props.children}</FromStore>;
}
