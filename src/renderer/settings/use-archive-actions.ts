import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ArchiveMove } from '../../shared/contract/archive.ts';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';
import type { ArchiveStore } from './archive-store.ts';

type Ended = Extract<ArchiveMove, { stage: 'ended' }>;

/** Resolves with the next move that ends; called before it is begun. */
function nextEnd({ underWay }: ArchiveStore): { ended: Promise<Ended>; forget(): void } {
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

/** Moving deals to the archive and back; what came of it is told wherever the person is by then. */
export function useArchiveActions(): {
  start(kind: ArchiveMove['kind']): Promise<void>;
  cancel(): Promise<void>;
} {
  const { api, archive } = useServices();
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const show = (message: string, color: string, title?: string): void => {
      notifications.show({ id: 'archive', message, color, ...(title === undefined ? {} : { title }) });
    };
    const tellFailure = (error: unknown): void => show(t(`errors.${failureOf(error).code}.title`), 'red');
    const tellEnd = ({ kind, outcome, moved, message }: Ended): void => {
      if (outcome === 'failed') show(message ?? '', 'red', t('archive.failed'));
      else if (outcome === 'cancelled') show(t('archive.stopped'), 'ink');
      else show(t(`archive.ended.${kind}`, { count: moved, number: format.number(moved) }), 'green');
    };
    return {
      async start(kind) {
        const { ended, forget } = nextEnd(archive);
        try {
          const { started } = await (await api.client()).archive.start({ kind });
          if (started) return tellEnd(await ended);
          forget();
          show(t('archive.already'), 'ink');
        } catch (error) {
          forget();
          tellFailure(error);
        }
      },
      async cancel() {
        try {
          const { cancelled } = await (await api.client()).archive.cancel();
          if (!cancelled) show(t('archive.tooLate'), 'ink');
        } catch (error) {
          tellFailure(error);
        }
      },
    };
  }, [api, archive, t, format]);
}
