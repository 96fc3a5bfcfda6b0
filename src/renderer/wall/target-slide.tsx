import { IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { WallBoard } from '../../shared/contract/wall.ts';
import { useWallFormat } from './wall-format.ts';
import { useWall } from './wall-store.ts';

/** How far today is on the way to its target. */
export function TargetSlide({ board }: { board: WallBoard }): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const target = useStore(useWall().settings, ({ data }) => data?.target ?? null);
  if (target === null) return <NoTarget />;
  const { figure, goal } = target;
  const now = board.totals[figure];
  const say = (value: number): string =>
    figure === 'deals' ? format.number(value) : format.money(Math.round(value));
  const share = Math.max(0, now / goal);
  return (
    <div className="single" data-reached={share >= 1 || undefined}>
      <p className="figure">{say(now)}</p>
      <p className="words">{t(`wall.target.of.${figure}`, { goal: say(goal) })}</p>
      <div
        className="progress"
        role="progressbar"
        aria-label={t('wall.target.title')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(Math.min(1, share) * 100)}
      >
        <span style={{ transform: `scaleX(${Math.min(1, share)})` }} />
      </div>
      <p className="ahead">
        {share >= 1 ? (
          <>
            <IconCircleCheck aria-hidden /> {t('wall.target.reached')}
          </>
        ) : (
          t('wall.target.left', {
            left: say(goal - now),
            share: format.percent(Math.floor(share * 100) / 100),
          })
        )}
      </p>
    </div>
  );
}

function NoTarget(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="nothing">
      <p>{t('wall.target.none')}</p>
      <p className="next">{t('wall.target.noneNext')}</p>
    </div>
  );
}
