import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '../../shared/contract/boards.ts';
import type { WallPeriod } from '../../shared/contract/wall-plan.ts';
import { isRead } from '../../shared/known-days.ts';
import { useWallFormat } from './wall-format.ts';

/** A period in six numbers; deals and commission with what the whole period before brought. */
export function MetricsSlide({ board, period }: { board: BoardView; period: WallPeriod }): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const { totals, agents, before } = board;
  const isKnown = isRead(board.known_from, before[0]?.day);
  const kronor = (value: number): string => format.money(Math.round(value));
  const was = (value: string): { note?: string } =>
    isKnown ? { note: t(`wall.before.${period}`, { value }) } : {};
  const sum = (figure: 'deals' | 'commission'): number => before.reduce((all, day) => all + day[figure], 0);
  const selling = agents.filter(({ deals }) => deals > 0).length;
  return (
    <dl className="metrics">
      <Metric
        label={t('wall.deals')}
        value={format.number(totals.deals)}
        {...was(format.number(sum('deals')))}
        main
      />
      <Metric
        label={t('wall.commission')}
        value={kronor(totals.commission)}
        {...was(kronor(sum('commission')))}
      />
      <Metric
        label={t('wall.perDeal')}
        value={totals.deals > 0 ? kronor(totals.commission / totals.deals) : '–'}
      />
      <Metric label={t('wall.sms')} value={format.number(totals.sms)} />
      <Metric
        label={t('wall.conversion')}
        value={totals.conversion === null ? '–' : format.rate(totals.conversion)}
      />
      <Metric
        label={t('wall.selling')}
        value={format.number(selling)}
        note={t('wall.ofAgents', { count: agents.length })}
      />
    </dl>
  );
}

function Metric(props: { label: string; value: string; note?: string; main?: boolean }): ReactNode {
  return (
    <div className="metric" data-main={props.main || undefined}>
      <dt>{props.label}</dt>
      <dd data-size={props.value.length > 11 ? 'small' : props.value.length > 7 ? 'less' : undefined}>
        {props.value}
      </dd>
      <dd className="note">{props.note ?? '\u00a0'}</dd>
    </div>
  );
}
