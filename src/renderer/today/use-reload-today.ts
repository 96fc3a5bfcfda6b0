import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';

/** Lets main load today's rows anew from the database, and tells how that went. */
export function useReloadToday(): () => Promise<void> {
  const { api, today } = useServices();
  const { t } = useTranslation();
  return async () => {
    try {
      await (await api.client()).system.invalidateCache();
      await today.reload();
      notifications.show({ message: t('today.reloaded'), color: 'green' });
    } catch (error) {
      const { code } = failureOf(error);
      notifications.show({
        title: t(`errors.${code}.title`),
        message: t(`errors.${code}.next`),
        color: 'red',
      });
    }
  };
}
