import { ActionIcon } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useServices } from '../services.ts';

/** Asks why a lead is, or is not, on the board. */
export function WhyButton({ lead, className }: { lead: string; className?: string }): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const words = t('why.ask', { id: lead });
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      className={className ?? ''}
      aria-label={words}
      title={words}
      onClick={(event) => {
        event.stopPropagation();
        navigation.askWhy(lead);
      }}
    >
      <IconHelpCircle size={15} aria-hidden />
    </ActionIcon>
  );
}
