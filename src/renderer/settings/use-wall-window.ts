import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConsoleClient } from '../api.ts';
import { createBell, melodyOf } from '../bell.ts';
import { failureOf } from '../failure.ts';
import { useResource, useServices } from '../services.ts';

/** For trying the sound while no wall is open. */
const ownBell = createBell();

/** Opens, closes and tries the wall of this console. What fails is told in a notice. */
export function useWallWindow() {
  const { api, own, wallWindow } = useServices();
  const { t } = useTranslation();
  const { data } = useResource(wallWindow);
  return useMemo(() => {
    async function ask(call: (client: ConsoleClient) => Promise<void>): Promise<void> {
      try {
        await call(await api.client());
      } catch (error) {
        notifications.show({ message: t(`errors.${failureOf(error).code}.title`), color: 'red' });
      }
    }
    return {
      state: data,
      open: () =>
        ask(async (client) => {
          wallWindow.setState({ data: await client.wallWindow.open() });
          notifications.show({ message: t('wallWindow.opened') });
        }),
      close: () => ask(async (client) => wallWindow.setState({ data: await client.wallWindow.close() })),
      testSound: () =>
        ask(async (client) => {
          const { played } = await client.wallWindow.testSound();
          if (played) return;
          const sounded = ownBell.ring(melodyOf('1'), own.getState().data?.wallVolume ?? 0);
          notifications.show({ message: t(sounded ? 'wallWindow.playedHere' : 'wallWindow.noSound') });
        }),
    };
  }, [api, own, wallWindow, data, t]);
}
