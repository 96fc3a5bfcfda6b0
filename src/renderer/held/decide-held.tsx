import { Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { HeldRemoval } from '../../shared/contract/sync.ts';
import { failureOf, type Failure } from '../failure.ts';
import { useServices } from '../services.ts';
import { GrownText } from '../ui/grown-text.tsx';
import { useFormat } from '../ui/use-format.ts';

export type HeldAction = 'accept' | 'discard';

/** Asks once more, naming the effect, and takes a note. */
export function DecideHeld(props: { hold: HeldRemoval; action: HeldAction; onClose: () => void }): ReactNode {
  const { hold, action } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const { api, held, today } = useServices();
  const [note, setNote] = useState('');
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const figures = { count: hold.count, number: format.number(hold.count) };

  async function decide(): Promise<void> {
    setSending(true);
    try {
      const trimmed = note.trim();
      const client = await api.client();
      const done = await client.sync.decideHeld({
        id: hold.id,
        action,
        ...(trimmed === '' ? {} : { note: trimmed }),
      });
      notifications.show({
        title: t(`held.done.${action}`),
        message: t('held.doneText', {
          removed: format.number(done.removed),
          kept: format.number(done.kept),
          waiting: format.number(done.waiting),
        }),
        color: 'green',
      });
      void held.reload();
      void today.reload();
      props.onClose();
    } catch (error) {
      setFailure(failureOf(error));
      setSending(false);
      void held.reload();
    }
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t(`held.confirm.${action}.title`, figures)}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      centered
    >
      <Text size="sm">{t(`held.confirm.${action}.effect`, figures)}</Text>
      <GrownText
        mt="md"
        label={t('held.note')}
        description={t('held.noteText')}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        maxLength={2000}
        minRows={2}
        maxRows={6}
        data-autofocus
      />
      {failure === null ? null : (
        <Text size="sm" c="var(--od-bad)" mt="sm" role="alert">
          {t(`errors.${failure.code}.title`)} {t(`errors.${failure.code}.next`)}
        </Text>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose}>
          {t('actions.cancel')}
        </Button>
        <Button
          color={action === 'accept' ? 'danger' : 'ink'}
          loading={sending}
          onClick={() => void decide()}
        >
          {t(`held.confirm.${action}.button`, figures)}
        </Button>
      </Group>
    </Modal>
  );
}
