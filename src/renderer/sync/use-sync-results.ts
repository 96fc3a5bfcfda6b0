import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncRun } from '../../shared/contract/sync.ts';
import { useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';
import { passInWords } from './pass-words.ts';
import { takeAnswers } from './sync-store.ts';

const colours: Record<SyncRun['state'], string> = {
  running: 'ink',
  complete: 'green',
  incomplete: 'yellow',
  failed: 'red',
  cancelled: 'gray',
};

/** Tells, once and quietly, how a pass ended that a person asked for in this console. */
export function useSyncResults(): void {
  const { passes, runs } = useServices();
  const { t } = useTranslation();
  const format = useFormat();
  useEffect(
    () =>
      runs.subscribe(({ data }) => {
        if (data === null) return;
        const { state, answers } = takeAnswers(passes.getState(), data);
        if (answers.length === 0) return;
        passes.setState(state);
        for (const run of answers) {
          notifications.show({
            id: `sync-${run.source}`,
            title: `${t(`sync.source.${run.source}`)}: ${t(`passes.state.${run.state}`)}`,
            message: passInWords(run, t, format),
            color: colours[run.state],
          });
        }
      }),
    [passes, runs, t, format],
  );
}
