import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../failure.ts';

/** There is no board at all yet, and why. It is tried again by itself. */
export function WallTrouble({ failure }: { failure: Failure }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="nothing" role="alert">
      <p>{t('wall.notYet')}</p>
      <p className="next">{t(`errors.${failure.code}.title`)}</p>
    </div>
  );
}
