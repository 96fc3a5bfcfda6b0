import {
  IconArrowBackUp,
  IconCash,
  IconCircleMinus,
  IconCirclePlus,
  IconPencil,
  type Icon,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import type { ChangeOfCatalogue } from './packages-store.ts';

const looks: Readonly<Record<ChangeOfCatalogue, { icon: Icon; tone: Tone }>> = {
  new: { icon: IconCirclePlus, tone: 'ok' },
  retired: { icon: IconCircleMinus, tone: 'bad' },
  returned: { icon: IconArrowBackUp, tone: 'ok' },
  repriced: { icon: IconCash, tone: 'warn' },
  changed: { icon: IconPencil, tone: 'plain' },
};

/** How a package of the catalogue moved, as icon and word. */
export function ChangeWord({ change }: { change: ChangeOfCatalogue }): ReactNode {
  const { t } = useTranslation();
  return <StateWord {...looks[change]}>{t(`packages.change.${change}`)}</StateWord>;
}
