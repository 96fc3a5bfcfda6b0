import { Button, Group, Modal, Progress, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { useFormat } from '../ui/use-format.ts';
import { BulkChoice } from './bulk-choice.tsx';
import { BulkResult } from './bulk-result.tsx';
import css from './duplicates.module.css';
import { useBulk, type Bulk } from './use-bulk.ts';

/** Decides all waiting cases that differ as one does: how many, which decision, how far it is, what became of each. */
export function BulkDialog(props: { like: PendingDuplicate; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const bulk = useBulk(props.like);
  const close = (): void => {
    bulk.stop();
    props.onClose();
  };
  return (
    <Modal
      opened
      onClose={close}
      title={t('duplicates.bulk.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      closeOnClickOutside={false}
      size="lg"
      centered
    >
      <div className={css.bulk}>{step(bulk, props.like, close)}</div>
    </Modal>
  );
}

function step(bulk: Bulk, like: PendingDuplicate, close: () => void): ReactNode {
  switch (bulk.step.kind) {
    case 'gathering':
      return <Working bulk={bulk} words="gathering" done={bulk.step.read} of={bulk.step.of} />;
    case 'choosing':
      return <BulkChoice like={like} cases={bulk.step.cases} onDecide={bulk.decide} onClose={close} />;
    case 'working':
      return <Working bulk={bulk} words={bulk.step.of} done={bulk.step.done} of={bulk.step.all} />;
    case 'ended':
      return <BulkResult ended={bulk.step} onUndo={bulk.undo} onClose={close} />;
  }
}

function Working(props: {
  bulk: Bulk;
  words: 'gathering' | 'running' | 'undoing';
  done: number;
  of: number;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { done, of } = props;
  const figures = {
    read: format.number(done),
    done: format.number(done),
    of: format.number(of),
    number: format.number(of),
  };
  return (
    <>
      <Text size="sm" role="status">
        {t(`duplicates.bulk.${props.words}`, figures)}
      </Text>
      <Progress
        value={of === 0 ? 0 : (100 * done) / of}
        aria-label={t(`duplicates.bulk.${props.words}`, figures)}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={props.bulk.stop} data-autofocus>
          {t('actions.stop')}
        </Button>
      </Group>
    </>
  );
}
