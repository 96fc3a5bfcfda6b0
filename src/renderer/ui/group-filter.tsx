import { Select } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Chooses one group; hidden where there is nothing to choose. */
export function GroupFilter(props: {
  groups: string[];
  value: string | null;
  onChange: (group: string | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  if (props.groups.length < 2) return null;
  return (
    <Select
      size="xs"
      w={170}
      data={props.groups}
      value={props.value}
      onChange={props.onChange}
      placeholder={t('board.allGroups')}
      aria-label={t('board.groupFilter')}
      leftSection={<IconFilter size={14} aria-hidden />}
      clearable
      searchable={props.groups.length > 8}
    />
  );
}
