import { IconHandClick } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RejectedRecord } from '../../shared/contract/sync.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Age, Moment } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import parts from '../ui/parts.module.css';
import { useFormat } from '../ui/use-format.ts';
import css from './rejected.module.css';
import { useRejectedWords } from './rejected-words.ts';
import { detailInWords } from './detail-in-words.ts';

/** One record: why it could not be read, since when, and what a person can do. */
export function RejectedCase({ record }: { record: RejectedRecord | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useRejectedWords();
  if (record === null)
    return (
      <Panel title={t('rejected.next')}>
        <EmptyState icon={IconHandClick} title={t('rejected.next')}>
          {t('rejected.choose')}
        </EmptyState>
      </Panel>
    );
  const fix = words.fix(record.reason);
  return (
    <Panel title={t('rejected.next')}>
      <div className={parts.case}>
        <p className={parts.caseTitle}>
          <bdi>{words.what(record)}</bdi>
        </p>
        <p>{words.why(record.reason)}.</p>
        {fix === null ? null : <p className={css.fix}>{fix}</p>}
        <dl className={parts.facts}>
          <dt>{t('rejected.detail')}</dt>
          <dd>
            <bdi>{record.detail === null ? t('rejected.noValue') : detailInWords(record.detail, t)}</bdi>
          </dd>
          <dt>{t('rejected.firstSeen')}</dt>
          <dd>
            <Moment at={record.first_seen} />
          </dd>
          <dt>{t('rejected.lastSeen')}</dt>
          <dd>
            <Age at={record.last_seen} />
          </dd>
          <dt>{t('rejected.times')}</dt>
          <dd>{format.number(record.times)}</dd>
        </dl>
        <p className={css.quiet}>{t('rejected.stays')}</p>
      </div>
    </Panel>
  );
}
