import {
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { duplicateAction, duplicateField } from '../../shared/contract/duplicates.ts';
import {
  ruleDraft,
  type RuleConditions,
  type RuleDraft,
  type RuleView,
} from '../../shared/contract/rules.ts';
import { useFormat } from '../ui/use-format.ts';
import { weekdayInWords } from './rule-words.ts';
import type { RulesData } from './rules-store.ts';
import { useRuleActions } from './use-rule-actions.ts';

const asksNothing: RuleConditions = {
  ...{ differsOnlyIn: null, agents: null, campaigns: null, weekdays: null },
  ...{ commissionApartAtLeast: null, commissionApartAtMost: null, waitedMinutes: null },
};
const weekdays = [1, 2, 3, 4, 5, 6, 7];
/** An empty choice asks nothing. */
const some = <T,>(values: T[]): T[] | null => (values.length > 0 ? values : null);
const number = (value: string | number): number | null => (typeof value === 'number' ? value : null);

/** A rule in words that a person fills in: when it fits, and what it does then. */
export function RuleForm(props: { rule: RuleView | null; data: RulesData; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { rule, onClose } = props;
  const { save } = useRuleActions();
  const [busy, setBusy] = useState(false);
  const [draft, setDraft] = useState<RuleDraft>(
    rule === null
      ? { name: '', conditions: asksNothing, action: 'merge' }
      : { name: rule.name, conditions: rule.conditions, action: rule.action },
  );
  const readable = ruleDraft.safeParse(draft).success;
  async function send(): Promise<void> {
    setBusy(true);
    const done = await save(draft, rule);
    setBusy(false);
    if (done) onClose();
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (readable && !busy) void send();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('rules.form.name')}
          value={draft.name}
          maxLength={60}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          data-autofocus
        />
        <Conditions
          value={draft.conditions}
          data={props.data}
          onChange={(change) => setDraft({ ...draft, conditions: { ...draft.conditions, ...change } })}
        />
        <Select
          label={t('rules.form.action')}
          data={duplicateAction.options.map((action) => ({
            value: action,
            label: `${t(`duplicates.action.${action}`)}: ${t(`duplicates.means.${action}`)}`,
          }))}
          value={draft.action}
          allowDeselect={false}
          onChange={(action) => setDraft({ ...draft, action: action ?? draft.action })}
        />
        <Text size="sm" c="dimmed">
          {t(rule === null ? 'rules.form.shadow' : 'rules.form.anew')}
        </Text>
      </Stack>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('actions.cancel')}
        </Button>
        <Button type="submit" disabled={!readable || busy}>
          {t('rules.form.save')}
        </Button>
      </Group>
    </form>
  );
}

function Conditions(props: {
  value: RuleConditions;
  data: RulesData;
  onChange: (change: Partial<RuleConditions>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { value, data, onChange } = props;
  return (
    <>
      <Checkbox.Group
        label={t('rules.form.differs')}
        value={value.differsOnlyIn ?? []}
        onChange={(fields) =>
          onChange({ differsOnlyIn: some(duplicateField.options.filter((field) => fields.includes(field))) })
        }
      >
        <Group gap="sm" mt={4}>
          {duplicateField.options.map((field) => (
            <Checkbox key={field} size="xs" value={field} label={t(`duplicates.field.${field}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Group grow align="flex-end">
        <NumberInput
          label={t('rules.form.atLeast')}
          value={value.commissionApartAtLeast ?? ''}
          min={0}
          decimalScale={2}
          suffix=" kr"
          onChange={(to) => onChange({ commissionApartAtLeast: number(to) })}
        />
        <NumberInput
          label={t('rules.form.atMost')}
          value={value.commissionApartAtMost ?? ''}
          min={0}
          decimalScale={2}
          suffix=" kr"
          onChange={(to) => onChange({ commissionApartAtMost: number(to) })}
        />
        <NumberInput
          label={t('rules.form.waited')}
          value={value.waitedMinutes ?? ''}
          min={1}
          max={100_000}
          allowDecimal={false}
          onChange={(to) => onChange({ waitedMinutes: number(to) })}
        />
      </Group>
      <MultiSelect
        label={t('rules.form.agents')}
        data={data.agents.map((agent) => ({ value: String(agent.user_id), label: agent.name }))}
        value={(value.agents ?? []).map(String)}
        onChange={(ids) => onChange({ agents: some(ids.map(Number)) })}
        placeholder={value.agents === null ? t('rules.form.any') : ''}
        searchable
        limit={100}
      />
      <MultiSelect
        label={t('rules.form.campaigns')}
        data={data.campaigns.map((campaign) => ({ value: campaign.id, label: campaign.name }))}
        value={value.campaigns ?? []}
        onChange={(ids) => onChange({ campaigns: some(ids) })}
        placeholder={value.campaigns === null ? t('rules.form.any') : ''}
        searchable
        limit={100}
      />
      <Checkbox.Group
        label={t('rules.form.weekdays')}
        value={(value.weekdays ?? []).map(String)}
        onChange={(days) =>
          onChange({ weekdays: some(weekdays.filter((day) => days.includes(String(day)))) })
        }
      >
        <Group gap="sm" mt={4}>
          {weekdays.map((day) => (
            <Checkbox key={day} size="xs" value={String(day)} label={weekdayInWords(day, format.language)} />
          ))}
        </Group>
      </Checkbox.Group>
    </>
  );
}
