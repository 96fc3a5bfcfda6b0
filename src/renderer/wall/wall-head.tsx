import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useWallFormat } from './wall-format.ts';
import { useWall } from './wall-store.ts';

/** The day and its three numbers. */
export function WallHead(): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  const { board } = useWall();
  const data = useStore(board, (resource) => resource.data);
  return (
    <header className="head">
      <div>
        <h1>{t('wall.today')}</h1>
        <p className="date">{data === null ? '\u00a0' : format.longDay(data.day)}</p>
      </div>
      <dl className="totals">
        <Total label={t('wall.deals')} value={data && format.number(data.totals.deals)} main />
        <Total
          label={t('wall.commission')}
          value={data && format.money(Math.round(data.totals.commission))}
        />
        <Total label={t('wall.sms')} value={data && format.number(data.totals.sms)} />
      </dl>
    </header>
  );
}

function Total(props: { label: string; value: string | null; main?: boolean }): ReactNode {
  return (
    <div className="total" data-main={props.main || undefined}>
      <dt>{props.label}</dt>
      <dd>{props.value ?? <span className="bone" />}</dd>
    </div>
  );
}
