import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { BoardView } from '../../shared/contract/boards.ts';
import type { WallSlide } from '../../shared/contract/wall-plan.ts';
import { useSlide } from './use-slide.ts';
import { useDayWords, useWallFormat } from './wall-format.ts';
import { sourceOf, useWall } from './wall-store.ts';

/** What is shown, of which days, and their three numbers. */
export function WallHead(): ReactNode {
  const { t } = useTranslation();
  const slide = useSlide();
  const totals = useTotals(slide);
  const about = useAbout(slide);
  const format = useWallFormat();
  return (
    <header className="head">
      <div className="title">
        <h1>
          {useTitle(slide)} {about !== null && <span className="about">{about}</span>}
        </h1>
        <p className="date">{useDays(slide) ?? '\u00a0'}</p>
      </div>
      {slide.kind !== 'metrics' && (
        <dl className="totals">
          <Total label={t('wall.deals')} value={totals && format.number(totals.deals)} main />
          <Total label={t('wall.commission')} value={totals && format.money(Math.round(totals.commission))} />
          <Total label={t('wall.sms')} value={totals && format.number(totals.sms)} />
        </dl>
      )}
    </header>
  );
}

function useTitle(slide: WallSlide): string {
  const { t } = useTranslation();
  if (slide.kind === 'target') return t('wall.target.title');
  return slide.kind === 'waiting' ? t('wall.waiting.title') : t(`wall.period.${slide.period}`);
}

/** What a board is about, where that is not the usual. */
function useAbout(slide: WallSlide): string | null {
  const { t } = useTranslation();
  switch (slide.kind) {
    case 'board': {
      const by = slide.by === 'agents' ? null : t(`wall.about.${slide.by}`);
      const metric = slide.metric === 'deals' ? null : t(`wall.about.${slide.metric}`);
      return [by, metric].filter((word) => word !== null).join(', ') || null;
    }
    case 'battle':
      return t('wall.about.battle');
    case 'trend':
      return t('wall.about.trend');
    default:
      return null;
  }
}

/** The period a slide is drawn from; null where that is today's board in memory. */
function usePeriodOf(slide: WallSlide): BoardView | null {
  const { periods } = useWall();
  const source = sourceOf(slide);
  const name = source === 'board' || source === 'waiting' ? 'today' : source;
  const view = useStore(periods[name], ({ data }) => data);
  return source === name ? view : null;
}

function useTotals(slide: WallSlide): Pick<BoardView['totals'], 'deals' | 'commission' | 'sms'> | null {
  const view = usePeriodOf(slide);
  const today = useStore(useWall().board, ({ data }) => data?.totals ?? null);
  const source = sourceOf(slide);
  return source === 'board' || source === 'waiting' ? today : (view?.totals ?? null);
}

function useDays(slide: WallSlide): string | null {
  const format = useWallFormat();
  const words = useDayWords();
  const view = usePeriodOf(slide);
  const today = useStore(useWall().board, ({ data }) => data?.day ?? null);
  const source = sourceOf(slide);
  if (source === 'week' || source === 'month') return view && words.span(view.from, view.to);
  const day = source === 'today' ? (view?.from ?? null) : today;
  return day && format.longDay(day);
}

function Total(props: { label: string; value: string | null; main?: boolean }): ReactNode {
  return (
    <div className="total" data-main={props.main || undefined}>
      <dt>{props.label}</dt>
      <dd>{props.value ?? <span className="bone" />}</dd>
    </div>
  );
}
