import { IconCircleCheck, IconCircleDashed, IconHourglass } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { WhyStep, WhyView } from '../../shared/contract/why.ts';
import { Age, Money, Name } from '../ui/figures.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useWhyWords } from './why-words.ts';
import css from './why.module.css';

/** The verdict, what counts and where, and every step on the way, oldest first. */
export function WhyAnswer({ view }: { view: WhyView }): ReactNode {
  const { t } = useTranslation();
  const Icon =
    view.verdict === 'counts'
      ? IconCircleCheck
      : view.verdict === 'waiting'
        ? IconHourglass
        : IconCircleDashed;
  return (
    <>
      <p className={css.verdict} data-counts={view.verdict === 'counts'}>
        <Icon size={18} aria-hidden />
        {t(`why.verdict.${view.verdict}`)}
      </p>
      {view.waiting && view.verdict === 'counts' ? <p className={css.quiet}>{t('why.waitsToo')}</p> : null}
      {view.counts.map((deal) => (
        <Counting key={deal.deal_id} deal={deal} />
      ))}
      {view.steps.length === 0 ? null : (
        <ol className={css.steps} aria-label={t('why.steps')}>
          {view.steps.map((step, n) => (
            <Step key={`${n} ${step.kind}`} step={step} />
          ))}
        </ol>
      )}
      <p className={css.quiet}>
        {view.last_looked === null ? (
          t('why.neverLooked')
        ) : (
          <>
            {t('figures.lastLooked')} <Age at={view.last_looked} />.
          </>
        )}
      </p>
    </>
  );
}

function Counting({ deal }: { deal: WhyView['counts'][number] }): ReactNode {
  const { t } = useTranslation();
  const where = deal.periods.map((period) => t(`why.period.${period}`));
  const more = [...where, ...(deal.archived ? [t('why.archived')] : [])];
  return (
    <div className={css.counting}>
      <Name value={deal.agent} />
      <span>{t('feed.multi', { count: deal.multi_deals })}</span>
      <Money value={deal.commission} />
      <span className={css.quiet}>
        {deal.day}
        {more.length === 0 ? '' : ` · ${more.join(', ')}`}
      </span>
    </div>
  );
}

function Step({ step }: { step: WhyStep }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useWhyWords();
  const details = words.details(step);
  const about = [
    ...(step.agent === null
      ? []
      : [
          `\u2068${step.agent}\u2069`,
          step.commission === null ? t('figures.noCommission') : format.money(step.commission),
        ]),
    ...(step.order_date === null ? [] : [t('why.ordered', { when: format.stamp(step.order_date) })]),
    ...(step.by === null ? [] : [t('why.by', { who: `\u2068${step.by}\u2069` })]),
  ];
  return (
    <li>
      <time className={css.when} dateTime={step.at}>
        {format.isoDay(step.at)} {format.time(step.at)}
      </time>
      <span className={css.what}>
        <strong>{t(`why.kind.${step.kind}`)}</strong>
        {details === '' ? null : `: ${details}`}
        {about.length === 0 ? null : <span className={css.about}>{about.join(' · ')}</span>}
        {step.note === null ? null : <q className={css.about}>{step.note}</q>}
      </span>
    </li>
  );
}
