import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../failure.ts';
import css from './parts.module.css';

/** What went wrong in words, the next step, and a way to try again. */
export function ErrorState({ failure, onRetry }: { failure: Failure; onRetry: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={css.state} role="alert">
      <IconAlertTriangle size={28} stroke={1.5} aria-hidden />
      <p className={css.stateTitle}>{t(`errors.${failure.code}.title`)}</p>
      <p className={css.stateText}>{t(`errors.${failure.code}.next`)}</p>
      <Button size="xs" variant="default" onClick={onRetry} mt={6}>
        {t('actions.tryAgain')}
      </Button>
    </div>
  );
}
