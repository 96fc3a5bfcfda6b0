import { IconAlertTriangle, IconCircleCheck, IconHelpCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MyPackage } from '../../shared/contract/my-packages.ts';
import { StateWord } from '../ui/state-word.tsx';

/** Whether a package on sale may be sold, as icon and word. */
export function Validity({ of }: { of: Pick<MyPackage, 'validation'> }): ReactNode {
  const { t } = useTranslation();
  const { validation } = of;
  if (validation === null)
    return (
      <StateWord tone="quiet" icon={IconHelpCircle}>
        {t('packages.validity.unchecked')}
      </StateWord>
    );
  if (validation.valid)
    return (
      <StateWord tone="ok" icon={IconCircleCheck}>
        {t('packages.validity.valid')}
      </StateWord>
    );
  return (
    <StateWord tone="bad" icon={IconAlertTriangle}>
      {t(`packages.reason.${validation.reason ?? 'differs'}`)}
    </StateWord>
  );
}
