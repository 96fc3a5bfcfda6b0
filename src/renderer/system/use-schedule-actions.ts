import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobName, SchedulesView } from '../../shared/contract/schedules.ts';
import type { ConsoleClient } from '../api.ts';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';

/** A short pause from the screen; longer ones are for the command line, and disabling. */
const pauseMinutes = 60;

/** Switching what runs by itself, and running it now; a refusal is told where the person is. */
export function useScheduleActions(): {
  pause(job: JobName): Promise<void>;
  disable(job: JobName): Promise<void>;
  /** Without a job: all, also after stop-all. */
  resume(job?: JobName): Promise<void>;
  stopAll(): Promise<void>;
  run(job: JobName): Promise<void>;
} {
  const { api, schedules } = useServices();
  const { t } = useTranslation();
  return useMemo(() => {
    const tellFailure = (error: unknown): void => {
      const { code } = failureOf(error);
      notifications.show({
        id: 'schedules',
        title: t(`errors.${code}.title`),
        message: t(`errors.${code}.next`),
        color: 'red',
      });
    };
    const switched = async (act: (client: ConsoleClient) => Promise<SchedulesView>): Promise<void> => {
      await api.client().then(act).catch(tellFailure);
      await schedules.reload();
    };
    return {
      pause: (job) => switched((client) => client.schedules.pause({ job, minutes: pauseMinutes })),
      disable: (job) => switched((client) => client.schedules.disable({ job })),
      resume: (job) => switched((client) => client.schedules.resume(job === undefined ? {} : { job })),
      stopAll: () => switched((client) => client.schedules.stopAll()),
      async run(job) {
        try {
          const { started } = await (await api.client()).schedules.run({ job });
          notifications.show({
            id: 'schedules',
            message: t(started ? 'schedules.started' : 'schedules.already', {
              job: t(`schedules.job.${job}`),
            }),
            color: started ? 'green' : 'ink',
          });
        } catch (error) {
          tellFailure(error);
        }
        await schedules.reload();
      },
    };
  }, [api, schedules, t]);
}
