import { IconCrown } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupRow } from '../../shared/contract/boards.ts';
import type { WallFigure } from '../../shared/contract/wall-plan.ts';
import { lineUpGroups, type Lane } from './line-up-groups.ts';
import { useWallFormat } from './wall-format.ts';

/** Groups against each other: who leads, by how much, and what that is for each of their agents. */
export function BattleSlide(props: { groups: readonly GroupRow[]; figure: WallFigure }): ReactNode {
  const { t } = useTranslation();
  const lanes = lineUpGroups(props.groups, props.figure);
  if (lanes.length === 0)
    return (
      <div className="nothing">
        <p>{t('wall.battle.none')}</p>
        <p className="next">{t('wall.battle.noneNext')}</p>
      </div>
    );
  // Always in the same order in the document: an element that is moved there does not slide.
  const inDocument = lanes
    .map((lane, place) => ({ lane, place }))
    .sort((a, b) => (a.lane.group.group < b.lane.group.group ? -1 : 1));
  return (
    <ol className="lanes" style={{ fontSize: `${lanes.length > 4 ? 0.8 : 1}em` }}>
      {inDocument.map(({ lane, place }) => (
        <li
          key={lane.group.group}
          className="lane"
          aria-posinset={place + 1}
          aria-setsize={lanes.length}
          data-first={(lane.rank === 1 && lane.value > 0) || undefined}
          style={{ height: `${100 / lanes.length}%`, transform: `translateY(${place * 100}%)` }}
        >
          <LaneLine lane={lane} figure={props.figure} />
        </li>
      ))}
    </ol>
  );
}

function LaneLine({ lane, figure }: { lane: Lane; figure: WallFigure }): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const say = (value: number): string =>
    figure === 'deals' ? format.number(value) : format.money(Math.round(value));
  const each = figure === 'deals' ? format.rate(lane.each ?? 0) : say(lane.each ?? 0);
  const leads = lane.rank === 1 && lane.value > 0;
  return (
    <>
      <div className="team">
        <bdi className="team-name">{lane.group.group}</bdi>
        <span className="team-value">{say(lane.value)}</span>
      </div>
      <div className="track">
        <span style={{ transform: `scaleX(${lane.share})` }} />
      </div>
      <div className="team-note">
        <span>
          {leads ? (
            <>
              <IconCrown aria-hidden /> {t('wall.battle.leads')}
            </>
          ) : (
            t('wall.battle.behind', { value: say(lane.behind) })
          )}
        </span>
        {lane.each !== null && <span>{t('wall.battle.each', { value: each })}</span>}
      </div>
    </>
  );
}
