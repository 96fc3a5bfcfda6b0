import { Button, Group, Modal, NumberInput, Text } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rehearsal } from '../../shared/contract/tasks.ts';
import { failureOf, type Failure } from '../failure.ts';
import { useServices } from '../services.ts';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import css from './accounts.module.css';

/** At most so many made-up requests at a time, as main takes them. */
const most = 200;
const figures = ['asked', 'created', 'skipped', 'refused', 'failed', 'in_directory'] as const;

/** Sends made-up requests through queue and direct path of the sandbox, and shows whether both came to the same. */
export function RehearsalDialog(props: { opened: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('rehearsal.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      centered
    >
      <Form />
    </Modal>
  );
}

function Form(): ReactNode {
  const { t } = useTranslation();
  const { api, tasks } = useServices();
  const [requests, setRequests] = useState(20);
  const [running, setRunning] = useState(false);
  const [result, setResult] = useState<Rehearsal | Failure | null>(null);
  async function run(): Promise<void> {
    setRunning(true);
    setResult(null);
    try {
      setResult(await (await api.client()).tasks.rehearse({ requests }));
    } catch (error) {
      setResult(failureOf(error));
    }
    setRunning(false);
    void tasks.reload();
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <Text size="sm">{t('rehearsal.text')}</Text>
      <Group mt="md" align="end">
        <NumberInput
          size="xs"
          w={140}
          label={t('rehearsal.requests')}
          min={1}
          max={most}
          allowDecimal={false}
          clampBehavior="strict"
          value={requests}
          onChange={(value) => setRequests(Math.min(most, Math.max(1, Number(value) || 1)))}
          data-autofocus
        />
        <Button size="xs" type="submit" loading={running}>
          {t('rehearsal.run')}
        </Button>
      </Group>
      <div role="status" style={{ minHeight: 250, marginTop: 12 }}>
        {result === null ? null : 'code' in result ? (
          <StateWord tone="bad" icon={IconAlertTriangle} title={result.message ?? ''}>
            {t(result.code === 'CONFIG_INVALID' ? 'rehearsal.onlySandbox' : `errors.${result.code}.title`)}
          </StateWord>
        ) : (
          <Result of={result} />
        )}
      </div>
    </form>
  );
}

function Result({ of }: { of: Rehearsal }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <StateWord tone={of.equal ? 'ok' : 'bad'} icon={of.equal ? IconCircleCheck : IconAlertTriangle}>
        {t(of.equal ? 'rehearsal.equal' : 'rehearsal.unequal')}
      </StateWord>
      <table className={css.paths}>
        <thead>
          <tr>
            <th scope="col">{t('rehearsal.what')}</th>
            <th scope="col">{t('mode.name.async_queue')}</th>
            <th scope="col">{t('mode.name.sync_direct')}</th>
          </tr>
        </thead>
        <tbody>
          {figures.map((name) => (
            <tr key={name}>
              <th scope="row">{t(`rehearsal.figure.${name}`)}</th>
              <td>{format.number(of.queue[name])}</td>
              <td>{format.number(of.direct[name])}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t('rehearsal.took')}</th>
            <td>{format.took(of.queue.took_ms)}</td>
            <td>{format.took(of.direct.took_ms)}</td>
          </tr>
        </tbody>
      </table>
    </>
  );
}
