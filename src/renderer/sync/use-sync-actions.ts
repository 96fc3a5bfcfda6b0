import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncSource } from '../../shared/contract/sync.ts';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';
import { forgetAsked, noteAsked } from './sync-store.ts';

interface PassChoice {
  kind: 'window' | 'rolling' | 'full';
  days?: { from: string; to: string } | null;
}

/** Starting and cancelling passes; refusals are told in words. */
export function useSyncActions(): {
  /** Without a request the window is read. */
  start(source: SyncSource, request?: PassChoice): Promise<void>;
  cancel(source: SyncSource): Promise<void>;
} {
  const { api, passes, runs, sync } = useServices();
  const { t } = useTranslation();
  return useMemo(() => {
    const tell = (source: SyncSource, message: string, color: string): void => {
      notifications.show({ id: `sync-${source}`, title: t(`sync.source.${source}`), message, color });
    };
    return {
      async start(source, request = { kind: 'window' }) {
        const newest = Math.max(0, ...(runs.getState().data ?? []).map((run) => run.id));
        passes.setState((state) => noteAsked(state, source, newest));
        try {
          const { started } = await (await api.client()).sync.start({ source, ...request });
          if (!started) {
            passes.setState((state) => forgetAsked(state, source));
            tell(source, t('sync.alreadyRunning'), 'ink');
          }
          await sync.reload();
        } catch (error) {
          passes.setState((state) => forgetAsked(state, source));
          tell(source, t(`errors.${failureOf(error).code}.title`), 'red');
        }
      },
      async cancel(source) {
        try {
          const { cancelled } = await (await api.client()).sync.cancel({ source });
          if (!cancelled) tell(source, t('sync.tooLate'), 'ink');
        } catch (error) {
          tell(source, t(`errors.${failureOf(error).code}.title`), 'red');
        }
      },
    };
  }, [api, passes, runs, sync, t]);
}
