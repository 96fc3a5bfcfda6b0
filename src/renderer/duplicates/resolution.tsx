import { IconArrowBackUp, IconArrowMerge, IconCopyCheck, IconReplace, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClosedDuplicate } from '../../shared/contract/duplicates.ts';
import { StateWord } from '../ui/state-word.tsx';

const icons = {
  approved: IconCopyCheck,
  replaced: IconReplace,
  merged: IconArrowMerge,
  rejected: IconX,
  withdrawn: IconArrowBackUp,
} as const;

/** How a case was closed, as icon and word. */
export function Resolution({ of }: { of: Pick<ClosedDuplicate, 'resolution'> }): ReactNode {
  const { t } = useTranslation();
  const resolution = of.resolution ?? 'withdrawn';
  return (
    <StateWord tone={resolution === 'withdrawn' ? 'quiet' : 'plain'} icon={icons[resolution]}>
      {t(`duplicates.resolution.${resolution}`)}
    </StateWord>
  );
}
