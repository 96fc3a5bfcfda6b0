import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { consoleDefaults as defaults, type ConsoleSettings } from '../../shared/contract/system.ts';
import { failureOf } from '../failure.ts';
import { useResource, useServices } from '../services.ts';

/** The settings of this console alone. A change shows at once and goes back where main refuses it. */
export function useConsoleSettings(): {
  settings: ConsoleSettings;
  change(patch: Partial<ConsoleSettings>): Promise<void>;
} {
  const { api, own } = useServices();
  const { t } = useTranslation();
  const { data } = useResource(own);
  return useMemo(
    () => ({
      settings: data ?? defaults,
      async change(patch) {
        const before = own.getState().data ?? defaults;
        own.setState({ data: { ...before, ...patch } });
        try {
          own.setState({ data: await (await api.client()).system.changeConsoleSettings(patch) });
        } catch (error) {
          own.setState({ data: before });
          notifications.show({ message: t(`errors.${failureOf(error).code}.title`), color: 'red' });
        }
      },
    }),
    [api, own, data, t],
  );
}
