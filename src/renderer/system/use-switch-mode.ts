import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { SystemMode } from '../../shared/contract/mode.ts';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';

/** Switches the office's mode after a person confirmed it; true when it was done, a refusal is told in words. */
export function useSwitchMode(): (mode: SystemMode) => Promise<boolean> {
  const { api, mode: store } = useServices();
  const { t } = useTranslation();
  return useCallback(
    async (mode) => {
      try {
        await (await api.client()).mode.set({ mode, confirmed: true });
        notifications.show({
          id: 'mode',
          message: t('mode.switched', { mode: t(`mode.name.${mode}`) }),
          color: 'green',
        });
        return true;
      } catch (error) {
        const { code } = failureOf(error);
        notifications.show({
          id: 'mode',
          title: t(`errors.${code}.title`),
          message: t(code === 'DATABASE_AWAY' ? 'mode.why.away' : `errors.${code}.next`),
          color: 'red',
        });
        return false;
      } finally {
        void store.reload();
      }
    },
    [api, store, t],
  );
}
