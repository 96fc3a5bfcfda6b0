import { Button, Group, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';
import { ResyncDialog } from '../sync/resync-dialog.tsx';
import { DiagnosticsDialog } from '../system/diagnostics-dialog.tsx';
import { WhyDialog } from '../why/why-dialog.tsx';
import { CommandPalette } from './command-palette.tsx';
import { KeysHelp } from './keys-help.tsx';

/** What opens over any screen. Loaded after the first picture; one that was asked for before then opens as it comes. */
export function Dialogs(): ReactNode {
  return (
    <>
      <CommandPalette />
      <KeysHelp />
      <ResyncDialog />
      <DiagnosticsDialog />
      <WhyDialog />
      <LeaveQuestion />
    </>
  );
}

function LeaveQuestion(): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const to = useStore(navigation, (state) => state.leavingTo);
  return (
    <Modal
      opened={to !== null}
      onClose={() => navigation.leave(false)}
      title={t('settings.leave.title')}
      closeButtonProps={{ 'aria-label': t('actions.close') }}
      centered
      size="sm"
    >
      <Text size="sm">{t('settings.leave.text')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => navigation.leave(false)} data-autofocus>
          {t('settings.leave.stay')}
        </Button>
        <Button color="danger" onClick={() => navigation.leave(true)}>
          {t('settings.leave.go')}
        </Button>
      </Group>
    </Modal>
  );
}
