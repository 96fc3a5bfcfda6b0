import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf, whatNext } from '../failure.ts';
import { useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';

/** Saves the report that the board prints as a PDF, and says where it went; a refusal is told in words. */
export function useSaveReport(): () => Promise<void> {
  const { api, leaderboard } = useServices();
  const { language } = useFormat();
  const { t } = useTranslation();
  return useCallback(async () => {
    const shown = leaderboard.getState().data?.board;
    if (shown === undefined) return;
    try {
      const client = await api.client();
      const { path } = await client.boards.savePdf({ period: `${shown.from}..${shown.to}`, language });
      if (path !== null) notifications.show({ id: 'report', title: t('report.saved'), message: path });
    } catch (error) {
      const failure = failureOf(error);
      notifications.show({
        id: 'report',
        title: t(`errors.${failure.code}.title`),
        message: whatNext(failure, t, language),
        color: 'red',
      });
    }
  }, [api, leaderboard, language, t]);
}

/** Saves every deal of the days that are shown as CSV, and says where it went. */
export function useSaveDeals(): () => Promise<void> {
  const { api, leaderboard } = useServices();
  const { language } = useFormat();
  const { t } = useTranslation();
  return useCallback(async () => {
    const shown = leaderboard.getState().data?.board;
    if (shown === undefined) return;
    const id = 'deals-saved';
    try {
      const client = await api.client();
      const period = `${shown.from}..${shown.to}`;
      const { path, rows } = await client.boards.saveDeals({ period, language });
      if (path === null) return;
      notifications.show({ id, title: t('leaderboard.savedDeals', { count: rows }), message: path });
    } catch (error) {
      const failure = failureOf(error);
      const title = t(`errors.${failure.code}.title`);
      notifications.show({ id, title, message: whatNext(failure, t, language), color: 'red' });
    }
  }, [api, leaderboard, language, t]);
}

/** Saves the board that is shown as CSV, and says where it went; a refusal is told in words. */
export function useSaveBoard(by: 'agents' | 'groups'): () => Promise<void> {
  const { api, leaderboard } = useServices();
  const { language } = useFormat();
  const { t } = useTranslation();
  return useCallback(async () => {
    const shown = leaderboard.getState().data?.board;
    if (shown === undefined || shown.agents.length === 0) return;
    try {
      const client = await api.client();
      // The days that are seen, also when midnight makes "today" another.
      const period = `${shown.from}..${shown.to}`;
      const { path, rows } = await client.boards.exportCsv({ period, by, language });
      if (path === null) return;
      notifications.show({
        id: 'board-saved',
        title: t('leaderboard.saved', { count: rows }),
        message: path,
      });
    } catch (error) {
      const { code } = failureOf(error);
      notifications.show({
        id: 'board-saved',
        title: t(`errors.${code}.title`),
        message: t(`errors.${code}.next`),
        color: 'red',
      });
    }
  }, [api, leaderboard, language, by, t]);
}
