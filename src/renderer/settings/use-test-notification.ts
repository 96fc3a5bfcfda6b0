import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';

/** Sends a native notification, and says here when the system did not show it. */
export function useTestNotification(): () => Promise<void> {
  const { api } = useServices();
  const { t } = useTranslation();
  return useCallback(async () => {
    try {
      const { shown, why } = await (await api.client()).alerts.test();
      if (shown) notifications.show({ message: t('alerts.test.shown') });
      else notifications.show({ message: t('alerts.test.refused', { why: why ?? '' }), color: 'red' });
    } catch (error) {
      notifications.show({ message: t(`errors.${failureOf(error).code}.title`), color: 'red' });
    }
  }, [api, t]);
}
