import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FromStore } from './from-store.tsx';
import { useWallFormat } from './wall-format.ts';
import { useWall } from './wall-store.ts';

/** How many possible duplicates wait for a person: the number alone, since a wall is read by everyone. */
export function WaitingSlide(): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  return (
    <FromStore store={useWall().waiting}>
      {({ duplicates }) => (
        <div className="single" data-calm={duplicates === 0 || undefined}>
          <p className="figure">{format.number(duplicates)}</p>
          <p className="words">
            {duplicates === 0 ? t('wall.waiting.none') : t('wall.waiting.some', { count: duplicates })}
          </p>
        </div>
      )}
    </FromStore>
  );
}
