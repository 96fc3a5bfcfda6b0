import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupProgress } from '../../shared/contract/backups.ts';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';
import type { BackupsStore } from './backups-store.ts';

type Ended = Extract<BackupProgress, { stage: 'ended' }>;

const colours = { made: 'green', cancelled: 'ink', failed: 'red' } as const;

/** Resolves with the next backup that ends; called before it is begun. */
function nextEnd({ underWay }: BackupsStore): { ended: Promise<Ended>; forget(): void } {
  let forget: () => void = () => undefined;
  const ended = new Promise<Ended>((resolve) => {
    forget = underWay.subscribe((now, before) => {
      if (now.ended === null || now.ended === before.ended) return;
      forget();
      resolve(now.ended);
    });
  });
  return { ended, forget: () => forget() };
}

/** Making and giving up backups; what came of one that was asked for here is told wherever the person is by then. */
export function useBackupActions(): {
  start(): Promise<void>;
  cancel(): Promise<void>;
  openFolder(): Promise<void>;
} {
  const { api, backups } = useServices();
  const { t } = useTranslation();
  return useMemo(() => {
    const show = (message: string, color: string, detail: string | null = null): void => {
      notifications.show({
        id: 'backup',
        message: detail ?? message,
        color,
        ...(detail === null ? {} : { title: message }),
      });
    };
    const tellFailure = (error: unknown): void => show(t(`errors.${failureOf(error).code}.title`), 'red');
    return {
      async start() {
        const { ended, forget } = nextEnd(backups);
        try {
          const { started } = await (await api.client()).backups.start();
          if (!started) {
            forget();
            return show(t('backups.already'), 'ink');
          }
          const { outcome, message } = await ended;
          show(t(`backups.outcome.${outcome}`), colours[outcome], outcome === 'failed' ? message : null);
        } catch (error) {
          forget();
          tellFailure(error);
        }
      },
      async cancel() {
        try {
          const { cancelled } = await (await api.client()).backups.cancel();
          if (!cancelled) show(t('backups.tooLate'), 'ink');
        } catch (error) {
          tellFailure(error);
        }
      },
      async openFolder() {
        const opened = await api
          .client()
          .then((client) => client.backups.openFolder())
          .then((answer) => answer.opened)
          .catch(() => false);
        if (!opened) show(t('backups.notOpened'), 'red');
      },
    };
  }, [api, backups, t]);
}
