import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf, whatNext } from '../failure.ts';
import { useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';

export interface ExportHistory {
  readonly running: boolean;
  start(): Promise<void>;
}

/** Saves what the history shows as CSV, in the language on screen; main asks where. */
export function useExportHistory(): ExportHistory {
  const { api, history } = useServices();
  const { t } = useTranslation();
  const format = useFormat();
  const [running, setRunning] = useState(false);
  return {
    running,
    async start() {
      if (running) return;
      setRunning(true);
      try {
        const { filter } = history.getState();
        const client = await api.client();
        const { path, rows } = await client.duplicates.exportHistory({
          ...filter,
          language: format.language,
        });
        if (path !== null) {
          notifications.show({
            title: t('duplicates.history.exported', { count: rows, number: format.number(rows) }),
            message: path,
            color: 'green',
          });
        }
      } catch (error) {
        const failure = failureOf(error);
        notifications.show({
          title: t(`errors.${failure.code}.title`),
          message: whatNext(failure, t, format.language),
          color: 'red',
        });
      } finally {
        setRunning(false);
      }
    },
  };
}
