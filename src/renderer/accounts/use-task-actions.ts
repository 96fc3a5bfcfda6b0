import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorCode } from '../../shared/contract/errors.ts';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';

/** Trying tasks anew; how many, or why not, is told where the person is. */
export function useTaskActions(): {
  retry(which: { id: string } | { cause: ErrorCode } | { all: true }): Promise<void>;
} {
  const { api, tasks } = useServices();
  const { t } = useTranslation();
  return useMemo(
    () => ({
      async retry(which) {
        try {
          const { retried } = await (await api.client()).tasks.retry(which);
          notifications.show({
            id: 'tasks',
            message: t('tasks.retried', { count: retried }),
            color: retried > 0 ? 'green' : 'ink',
          });
        } catch (error) {
          const { code } = failureOf(error);
          notifications.show({
            id: 'tasks',
            title: t(`errors.${code}.title`),
            message: t(`errors.${code}.next`),
            color: 'red',
          });
        }
        void tasks.reload();
      },
    }),
    [api, tasks, t],
  );
}
