import { Button } from '@mantine/core';
import { IconAlertTriangle, IconDatabaseOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../failure.ts';
import { useServices } from '../services.ts';
import { DiagnosticsDialog } from '../system/diagnostics-dialog.tsx';
import css from './frame.module.css';

/** The console could not start: why, what to do, and a way to try again. */
export function StartUpFailure(props: { failure: Failure; trying: boolean; onRetry: () => void }): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const { code, message } = props.failure;
  const Icon = code === 'CONFIG_INVALID' ? IconAlertTriangle : IconDatabaseOff;
  return (
    <main className={css.page} role="alert">
      <Icon size={40} stroke={1.5} aria-hidden />
      <h1>{t(`errors.${code}.title`)}</h1>
      <p>{t(`errors.${code}.next`)}</p>
      {code === 'CONFIG_INVALID' ? null : <p>{t('startUp.keepsTrying')}</p>}
      {message === null ? null : (
        <p className={css.detail} lang="en">
          {message}
        </p>
      )}
      <Button mt={12} onClick={props.onRetry} loading={props.trying} autoFocus>
        {t('actions.tryAgain')}
      </Button>
      <Button mt={8} variant="subtle" onClick={() => navigation.setState({ diagnosticsShown: true })}>
        {t('diagnostics.open')}
      </Button>
      <DiagnosticsDialog />
    </main>
  );
}
