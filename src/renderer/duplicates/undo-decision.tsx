import { Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClosedDuplicate } from '../../shared/contract/duplicates.ts';
import { failureOf, type Failure } from '../failure.ts';
import { useServices } from '../services.ts';
import { Resolution } from './resolution.tsx';

/** Asks once more before an older decision is taken back, and says why when it cannot be. */
export function UndoDecision(props: { closed: ClosedDuplicate; onClose: () => void }): ReactNode {
  const { closed } = props;
  const { t } = useTranslation();
  const { api, history, queue } = useServices();
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function undo(): Promise<void> {
    setSending(true);
    try {
      await (await api.client()).duplicates.undo({ id: closed.id, version: closed.version });
      notifications.show({
        title: t('duplicates.lead', { id: closed.lead_id }),
        message: t('duplicates.history.undone'),
        color: 'green',
      });
      history.choose(null);
      void history.list.reload();
      void queue.list.rows.reload();
      props.onClose();
    } catch (error) {
      setFailure(failureOf(error));
      setSending(false);
      void history.list.reload();
    }
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('duplicates.history.undoTitle')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      centered
    >
      <Text size="sm" component="div">
        {t('duplicates.lead', { id: closed.lead_id })}: <Resolution of={closed} />
      </Text>
      <Text size="sm" mt="sm">
        {t('duplicates.history.undoText')}
      </Text>
      {failure === null ? null : (
        <Text size="sm" c="var(--od-bad)" mt="sm" role="alert">
          {failure.code === 'CONFLICT'
            ? t('duplicates.refused.undo', { id: closed.lead_id })
            : t(`errors.${failure.code}.title`)}
          {failure.message === null ? null : <span lang="en"> {failure.message}</span>}
        </Text>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose}>
          {t('actions.cancel')}
        </Button>
        <Button
          loading={sending}
          disabled={failure?.code === 'CONFLICT'}
          onClick={() => void undo()}
          data-autofocus
        >
          {t('duplicates.undo')}
        </Button>
      </Group>
    </Modal>
  );
}
