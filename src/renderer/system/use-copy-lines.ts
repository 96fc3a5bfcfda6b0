import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';

/** Room on the clipboard, in characters. */
const mostText = 2_000_000;

/** Copies lines as they stand in the file, the newest where there are too many, and says how many. */
export function useCopyLines(): (lines: readonly string[]) => Promise<void> {
  const { api } = useServices();
  const { t } = useTranslation();
  return useCallback(
    async (lines) => {
      const fitting = newestFitting(lines);
      try {
        await (await api.client()).log.copy({ text: fitting.join('\n') });
        notifications.show({ message: t('log.copied', { count: fitting.length }) });
      } catch (error) {
        notifications.show({ message: t(`errors.${failureOf(error).code}.title`), color: 'red' });
      }
    },
    [api, t],
  );
}

function newestFitting(lines: readonly string[]): readonly string[] {
  let left = mostText;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    left -= (lines[index]?.length ?? 0) + 1;
    if (left < 0) return lines.slice(index + 1);
  }
  return lines;
}
