import { Button, TextInput } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockHour4,
  IconDeviceFloppy,
  IconUserPlus,
} from '@tabler/icons-react';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { AccountResult } from '../../shared/contract/accounts.ts';
import { useResource, useServices } from '../services.ts';
import { Panel } from '../ui/panel.tsx';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import type { AddOutcome } from './accounts-store.ts';
import { draftProblems, type DraftField } from './check-draft.ts';
import css from './accounts.module.css';
import { useAccountActions } from './use-account-actions.ts';

const fields: readonly DraftField[] = ['email', 'name', 'plan', 'key'];
const plansId = 'accounts-plans';

/** One account more: the form, and below it what came of the latest request. */
export function NewAccount(): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const requests = useResource(accounts.requests).data;
  const outcome = useStore(accounts, (state) => state.outcome);
  const missing = requests?.configured === false ? requests.missing : [];
  return (
    <Panel title={t('accounts.new')}>
      {missing.length > 0 ? (
        <p className={css.notice} role="status">
          {t('accounts.notConfigured', { names: missing.join(', ') })}
        </p>
      ) : null}
      <Form disabled={missing.length > 0} />
      <div className={css.outcome} role="status">
        {outcome === null ? <p className={css.quiet}>{t('accounts.once')}</p> : <Outcome of={outcome} />}
      </div>
    </Panel>
  );
}

function Form({ disabled }: { disabled: boolean }): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const actions = useAccountActions();
  const draft = useStore(accounts, (state) => state.draft);
  const [left, setLeft] = useState<ReadonlySet<DraftField>>(new Set());
  const [sending, setSending] = useState(false);
  const wrong = draftProblems(draft);
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setLeft(new Set(fields));
    if (wrong.size > 0 || sending) return;
    setSending(true);
    await actions.add(draft);
    setSending(false);
    setLeft(new Set());
  }
  return (
    <form className={css.form} noValidate onSubmit={(event) => void submit(event)}>
      {fields.map((field) => (
        <TextInput
          key={field}
          className={css.field ?? ''}
          size="xs"
          type={field === 'email' ? 'email' : 'text'}
          label={t(`accounts.${field}`)}
          {...(field === 'plan' ? { list: plansId } : {})}
          {...(field === 'key' ? { placeholder: t('accounts.keyHint') } : {})}
          maxLength={254}
          required={field !== 'key'}
          withAsterisk={false}
          disabled={disabled}
          autoComplete="off"
          value={draft[field]}
          error={left.has(field) && wrong.has(field) ? t(`accounts.wrong.${field}`) : null}
          onChange={(event) => accounts.setState({ draft: { ...draft, [field]: event.currentTarget.value } })}
          onBlur={() => draft[field] !== '' && setLeft(new Set([...left, field]))}
        />
      ))}
      <KnownPlans />
      <Button
        type="submit"
        size="xs"
        mt={4}
        loading={sending}
        disabled={disabled}
        leftSection={<IconUserPlus size={14} aria-hidden />}
      >
        {t('accounts.add')}
      </Button>
    </form>
  );
}

/** Plans that accounts have, to choose from while typing. */
function KnownPlans(): ReactNode {
  const { accounts } = useServices();
  const rows = useStore(accounts.list, (state) => state.rows);
  const plans = [...new Set(rows.flatMap((row) => row?.plan ?? []))].sort();
  return (
    <datalist id={plansId}>
      {plans.map((plan) => (
        <option key={plan} value={plan}>
          {plan}
        </option>
      ))}
    </datalist>
  );
}

const looks: Readonly<Record<AccountResult, { tone: Tone; icon: typeof IconCircleCheck }>> = {
  created: { tone: 'ok', icon: IconCircleCheck },
  completed: { tone: 'ok', icon: IconCircleCheck },
  skipped: { tone: 'quiet', icon: IconCircleCheck },
  queued: { tone: 'plain', icon: IconClockHour4 },
  kept: { tone: 'warn', icon: IconDeviceFloppy },
};

function Outcome({ of }: { of: AddOutcome }): ReactNode {
  const { t } = useTranslation();
  const rows = useStore(useServices().accounts.list, (state) => state.rows);
  if (of.kind === 'refused') {
    const { code, message } = of.failure;
    return (
      <>
        <StateWord tone="bad" icon={IconAlertTriangle}>
          {t(code === 'CONFLICT' ? 'accounts.result.refused' : 'accounts.result.failed')}
        </StateWord>
        <p>
          {t(code === 'CONFLICT' ? 'accounts.told.refused' : 'accounts.told.failed', { email: of.email })}
        </p>
        {message === null ? null : <p className={css.quiet}>{message}</p>}
      </>
    );
  }
  const { email, reason } = of.answer;
  // A queued one is made a moment later: the list tells.
  const isMade = rows.some((row) => row?.email.toLowerCase() === email.toLowerCase());
  const result = of.answer.result === 'queued' && isMade ? 'created' : of.answer.result;
  return (
    <>
      <StateWord {...looks[result]}>{t(`accounts.result.${result}`)}</StateWord>
      <p>{t(`accounts.told.${result}`, { email })}</p>
      {reason === null ? null : <p className={css.quiet}>{reason}</p>}
    </>
  );
}
