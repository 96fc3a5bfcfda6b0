import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import type { RuleDraft, RuleState, RuleView } from '../../shared/contract/rules.ts';
import { failureOf, whatNext } from '../failure.ts';
import { useServices } from '../services.ts';

/** Making, changing, switching and removing rules; each answers whether it was done, and a refusal is told. */
export function useRuleActions(): {
  save(draft: RuleDraft, of: RuleView | null): Promise<boolean>;
  switchTo(rule: RuleView, to: Exclude<RuleState, 'acting'>): Promise<boolean>;
  /** Lets a rule act, whose name the person wrote. */
  letAct(rule: RuleView, name: string): Promise<boolean>;
  remove(rule: RuleView): Promise<boolean>;
} {
  const { api, rules } = useServices();
  const { t, i18n } = useTranslation();
  type Client = Awaited<ReturnType<typeof api.client>>['rules'];
  const call = async (done: string, ask: (client: Client) => Promise<unknown>): Promise<boolean> => {
    try {
      await ask((await api.client()).rules);
      notifications.show({ id: 'rule', message: done, color: 'green' });
      return true;
    } catch (error) {
      const failure = failureOf(error);
      notifications.show({
        id: 'rule',
        title: t(`errors.${failure.code}.title`),
        message: whatNext(failure, t, i18n.language),
        color: 'red',
      });
      return false;
    } finally {
      void rules.list.reload();
      void rules.cases.reload();
    }
  };
  const looked = ({ id, version }: RuleView) => ({ id, version });
  return {
    save: (draft, of) =>
      call(t('rules.saved', { name: draft.name }), (client) => client.save({ draft, of: of && looked(of) })),
    switchTo: (rule, to) =>
      call(t(`rules.switched.${to}`, { name: rule.name }), (client) =>
        client.switch({ ...looked(rule), to }),
      ),
    letAct: (rule, name) =>
      call(t('rules.switched.acting', { name: rule.name }), (client) =>
        client.switch({ ...looked(rule), to: 'acting', name }),
      ),
    remove: (rule) => call(t('rules.removed', { name: rule.name }), (client) => client.remove(looked(rule))),
  };
}
