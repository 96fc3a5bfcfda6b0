import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ResourceStore } from '../resource.ts';
import { WallTrouble } from './wall-trouble.tsx';

/** Draws what a store holds; old figures stay while newer ones cannot be fetched, and the foot says how old. */
export function FromStore<T>(props: {
  store: ResourceStore<T>;
  children: (data: T) => ReactNode;
}): ReactNode {
  const { data, failure } = useStore(props.store);
  if (data !== null) return props.children(data);
  return failure === null ? <Bones /> : <WallTrouble failure={failure} />;
}

function Bones(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="waiting" role="status" aria-label={t('wall.loading')}>
      {Array.from({ length: 6 }, (_, index) => (
        <span className="bone" key={index} />
      ))}
    </div>
  );
}
