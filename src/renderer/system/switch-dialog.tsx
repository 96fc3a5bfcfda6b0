import { Button, Group, Modal, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SystemMode } from '../../shared/contract/mode.ts';
import { useResource, useServices } from '../services.ts';
import { useSwitchMode } from './use-switch-mode.ts';
import css from './system.module.css';

/** Asks once more before the mode is switched for everybody, and says what that does. */
export function SwitchDialog(props: { to: SystemMode | null; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { to, onClose } = props;
  return (
    <Modal
      opened={to !== null}
      onClose={onClose}
      title={to === null ? '' : t('mode.ask', { mode: t(`mode.name.${to}`) })}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      centered
    >
      {to === null ? null : <Question to={to} onClose={onClose} />}
    </Modal>
  );
}

function Question({ to, onClose }: { to: SystemMode; onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const services = useServices();
  const switchMode = useSwitchMode();
  const [sending, setSending] = useState(false);
  const alive = useResource(services.mode).data?.processes.filter((process) => process.alive).length ?? 0;
  const counts = useResource(services.tasks).data?.counts;
  const left = counts === undefined ? 0 : counts.waiting + counts.running + counts.failed;
  async function send(): Promise<void> {
    setSending(true);
    await switchMode(to);
    setSending(false);
    onClose();
  }
  return (
    <>
      <Text size="sm">{t(`mode.effect.${to}`)}</Text>
      <ul className={css.effect}>
        <li>{t('mode.everywhere', { count: alive })}</li>
        {to === 'sync_direct' && left > 0 ? <li>{t('mode.left', { count: left })}</li> : null}
        <li>{t('mode.audited')}</li>
      </ul>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('actions.cancel')}
        </Button>
        <Button loading={sending} onClick={() => void send()}>
          {t('mode.switch', { mode: t(`mode.name.${to}`) })}
        </Button>
      </Group>
    </>
  );
}
