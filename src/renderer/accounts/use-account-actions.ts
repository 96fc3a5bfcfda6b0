import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { failureOf } from '../failure.ts';
import { useServices } from '../services.ts';
import { useFormat } from '../ui/use-format.ts';
import { emptyDraft, type AccountDraft } from './accounts-store.ts';
import { requestOf } from './check-draft.ts';

export interface AccountActions {
  /** Asks for one account; what came of it is then in the store. */
  add(draft: AccountDraft): Promise<void>;
  /** Looks what would happen with a list; it is then in the store. */
  preview(text: string): Promise<void>;
  start(text: string): Promise<void>;
  cancel(): Promise<void>;
  /** Saves the results of the latest list as CSV. */
  exportResults(): Promise<void>;
}

/** What can be done with accounts; a failure is told where the person is. */
export function useAccountActions(): AccountActions {
  const { api, accounts, tasks } = useServices();
  const { language } = useFormat();
  const { t } = useTranslation();
  return useMemo(() => {
    const tellFailure = (error: unknown): void => {
      const { code } = failureOf(error);
      notifications.show({
        id: 'accounts',
        title: t(`errors.${code}.title`),
        message: t(`errors.${code}.next`),
        color: 'red',
      });
    };
    return {
      async add(draft) {
        const request = requestOf(draft);
        accounts.setState({ outcome: null });
        try {
          const answer = await (await api.client()).accounts.add(request);
          accounts.setState({
            outcome: { kind: 'answered', answer },
            draft: { ...emptyDraft, plan: draft.plan },
          });
        } catch (error) {
          const failure = failureOf(error);
          accounts.setState({ outcome: { kind: 'refused', email: request.email, failure } });
        }
        void accounts.list.reload();
        void accounts.requests.reload();
        void accounts.kept.reload();
        void tasks.reload();
      },
      async preview(text) {
        try {
          const of = await (await api.client()).accounts.previewList({ text });
          accounts.setState({ preview: { text, of } });
        } catch (error) {
          tellFailure(error);
        }
      },
      async start(text) {
        try {
          accounts.underWay.setState({ progress: null, rows: [] });
          const { started } = await (await api.client()).accounts.startList({ text });
          if (started) accounts.setState({ preview: null, listText: '' });
          else notifications.show({ id: 'accounts', message: t('accounts.list.busy'), color: 'ink' });
        } catch (error) {
          tellFailure(error);
        }
      },
      async cancel() {
        await api
          .client()
          .then((client) => client.accounts.cancelList())
          .catch(tellFailure);
      },
      async exportResults() {
        try {
          const { path, rows } = await (await api.client()).accounts.exportResults({ language });
          if (path === null) return;
          notifications.show({
            id: 'accounts',
            title: t('accounts.list.saved', { count: rows }),
            message: path,
          });
        } catch (error) {
          tellFailure(error);
        }
      },
    };
  }, [api, accounts, tasks, language, t]);
}
