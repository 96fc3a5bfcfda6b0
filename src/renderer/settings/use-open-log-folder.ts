import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';

/** Opens the log folder in the system's own file window; says so where that was not possible. */
export function useOpenLogFolder(): () => Promise<void> {
  const { api } = useServices();
  const { t } = useTranslation();
  return useCallback(async () => {
    const opened = await api
      .client()
      .then((client) => client.system.openLogFolder())
      .then((answer) => answer.opened)
      .catch(() => false);
    if (!opened) notifications.show({ message: t('about.notOpened'), color: 'red' });
  }, [api, t]);
}
