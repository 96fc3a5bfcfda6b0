import { Button, Group, Modal, Text, TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RuleView } from '../../shared/contract/rules.ts';
import { useFormat } from '../ui/use-format.ts';
import { RuleForm } from './rule-form.tsx';
import type { RulesData } from './rules-store.ts';
import { useRuleActions } from './use-rule-actions.ts';

/** What a person wants of a rule and is asked about first. */
export type Asked = { what: 'edit'; rule: RuleView | null } | { what: 'act' | 'remove'; rule: RuleView };

/** The form of a rule, and the questions before it acts or goes. */
export function RuleDialogs(props: { asked: Asked; data: RulesData; onClose: () => void }): ReactNode {
  const { asked, data, onClose } = props;
  const { t } = useTranslation();
  const title =
    asked.what === 'edit'
      ? t(asked.rule === null ? 'rules.new' : 'rules.change')
      : t(`rules.ask.${asked.what}.title`, { name: asked.rule.name });
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      size="lg"
      centered
    >
      {asked.what === 'edit' ? (
        <RuleForm rule={asked.rule} data={data} onClose={onClose} />
      ) : (
        <Question asked={asked} onClose={onClose} />
      )}
    </Modal>
  );
}

function Question(props: {
  asked: { what: 'act' | 'remove'; rule: RuleView };
  onClose: () => void;
}): ReactNode {
  const { what, rule } = props.asked;
  const { t } = useTranslation();
  const format = useFormat();
  const { letAct, remove } = useRuleActions();
  /** Written once more, so that no rule begins to act by a slip. */
  const [name, setName] = useState('');
  const named = what !== 'act' || name.trim() === rule.name;
  const { agreed, compared } = rule.figures;
  const confirm = (): void => {
    if (!named) return;
    props.onClose();
    void (what === 'act' ? letAct(rule, name) : remove(rule));
  };
  return (
    <>
      <Text size="sm">
        {t(`rules.ask.${what}.text`, {
          agreed: format.number(agreed),
          number: format.number(compared),
          action: t(`duplicates.action.${rule.action}`),
        })}
      </Text>
      {what === 'act' ? (
        <TextInput
          mt="md"
          size="sm"
          maxLength={60}
          label={t('rules.ask.act.name', { name: rule.name })}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && confirm()}
          data-autofocus
        />
      ) : null}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose} data-autofocus={what === 'act' ? undefined : true}>
          {t('actions.cancel')}
        </Button>
        <Button color={what === 'act' ? '' : 'danger'} disabled={!named} onClick={confirm}>
          {t(`rules.ask.${what}.button`)}
        </Button>
      </Group>
    </>
  );
}
