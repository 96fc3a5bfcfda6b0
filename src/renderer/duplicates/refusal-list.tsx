import { CloseButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';
import css from './duplicates.module.css';
import { refusalInWords } from './duplicate-words.ts';
import type { Refusal } from './refusal.ts';

/** Decisions that main refused, each with why, until somebody waves it away. */
export function RefusalList(): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const refusals = useStore(queue.decisions, (state) => state.refusals);
  return (
    <div role="alert" aria-label={t('duplicates.refusedTitle')} className={css.refusals}>
      {refusals.map((refusal) => (
        <OneRefusal key={refusal.duplicate.id} refusal={refusal} />
      ))}
    </div>
  );
}

function OneRefusal({ refusal }: { refusal: Refusal }): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const format = useFormat();
  const { id } = refusal.duplicate;
  const waits = useStore(queue.list.rows, (state) => state.rows.some((row) => row?.id === id));
  const { verdict } = refusal;
  return (
    <div className={css.refusal}>
      <IconAlertTriangle size={16} aria-hidden className={css.warnIcon} />
      <p>
        {refusalInWords(refusal, t, format)}
        {verdict.kind === 'failed' &&
        verdict.failure.code === 'CONFLICT' &&
        verdict.failure.message !== null ? (
          <span lang="en" className={css.quiet}>
            {' '}
            {verdict.failure.message}
          </span>
        ) : null}
        {waits ? (
          <button type="button" className={css.link} onClick={() => queue.choose(id)}>
            {t('duplicates.show')}
          </button>
        ) : null}
      </p>
      <CloseButton
        size="xs"
        aria-label={t('actions.dismiss')}
        onClick={() => queue.decisions.dismiss(refusal)}
      />
    </div>
  );
}
