import { Button } from '@mantine/core';
import { IconDatabaseOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../failure.ts';
import css from './frame.module.css';

/** The console could not start: why, what to do, and a way to try again. */
export function StartUpFailure(props: { failure: Failure; trying: boolean; onRetry: () => void }): ReactNode {
  const { t } = useTranslation();
  const { code, message } = props.failure;
  return (
    <main className={css.page} role="alert">
      <IconDatabaseOff size={40} stroke={1.5} aria-hidden />
      <h1>{t(`errors.${code}.title`)}</h1>
      <p>{t(`errors.${code}.next`)}</p>
      {message === null ? null : <p className={css.detail}>{message}</p>}
      <Button mt={12} onClick={props.onRetry} loading={props.trying} autoFocus>
        {t('actions.tryAgain')}
      </Button>
    </main>
  );
}
