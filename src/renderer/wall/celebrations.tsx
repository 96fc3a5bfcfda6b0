import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Celebration } from '../../shared/contract/wall.ts';
import { useWallFormat } from './wall-format.ts';
import { useWall } from './wall-store.ts';

const confetti = Array.from({ length: 26 }, (_, index) => index);

/** The celebration that has its turn, over the board for less than four seconds. */
export function Celebrations(): ReactNode {
  const { t } = useTranslation();
  const { party } = useWall();
  const now = useStore(party, (state) => state.now);
  return (
    <div className="party" role="status" aria-live="polite">
      {now !== null && (
        <div
          className="cheer"
          data-kind={now.kind}
          data-honour={now.honours[0]}
          data-rehearsal={now.rehearsal || undefined}
          key={now.number}
        >
          {now.kind !== 'summary' && <Confetti />}
          <div className="card">
            {now.rehearsal && <p className="rehearsal">{t('wall.rehearsal')}</p>}
            {now.honours.map((honour) => (
              <p className="honour" key={honour}>
                {t(`wall.honour.${honour}`)}
              </p>
            ))}
            {now.kind === 'pling' ? <OneDeal celebration={now} /> : <SomeDeals celebration={now} />}
          </div>
        </div>
      )}
    </div>
  );
}

function OneDeal({ celebration }: { celebration: Celebration }): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const deal = celebration.deals[0];
  const media = useStore(useWall().settings, ({ data }) => data?.media);
  if (deal === undefined) return null;
  const picture = media?.[deal.user_id]?.picture ?? null;
  return (
    <>
      {picture !== null && <img className="portrait" src={picture} alt="" />}
      <p className="what">
        {deal.multi_deals > 1 ? t('wall.newDeals', { count: deal.multi_deals }) : t('wall.newDeal')}
      </p>
      <p className="who" data-long={deal.agent.length > 22 || undefined}>
        <bdi>{deal.agent}</bdi>
      </p>
      {deal.commission !== null && <p className="amount">{format.money(deal.commission)}</p>}
      {deal.campaign !== null && (
        <p className="campaign">
          <bdi>{deal.campaign}</bdi>
        </p>
      )}
    </>
  );
}

function SomeDeals({ celebration }: { celebration: Celebration }): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const { deals, count, commission, since } = celebration;
  const today = useStore(useWall().board, ({ data }) => data?.day);
  const from =
    since === null ? '' : format.isoDay(since) === today ? format.time(since) : format.stamp(since);
  return (
    <>
      <p className="what" data-alone={deals.length === 0 || undefined}>
        {since === null ? t('wall.newDeals', { count }) : t('wall.newDealsSince', { count, since: from })}
        {deals.length > 0 && commission !== 0 && ` · ${format.money(commission)}`}
      </p>
      <ul className="several">
        {deals.map((deal, index) => (
          <li key={index}>
            <bdi>{deal.agent}</bdi>
            <span>{deal.commission === null ? '' : format.money(deal.commission)}</span>
          </li>
        ))}
      </ul>
      {deals.length === 0 && commission !== 0 && <p className="sum">{format.money(commission)}</p>}
    </>
  );
}

/** Pieces that fall past the card; their paths are in the style sheet, none for those who want it calm. */
function Confetti(): ReactNode {
  return (
    <div className="confetti" aria-hidden>
      {confetti.map((piece) => (
        <i
          key={piece}
          style={{
            left: `${(piece * 37 + 11) % 100}%`,
            animationDelay: `${(piece % 7) * 90}ms`,
            animationDuration: `${1_900 + ((piece * 53) % 9) * 110}ms`,
          }}
        />
      ))}
    </div>
  );
}
