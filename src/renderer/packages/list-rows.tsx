import { IconSearchOff } from '@tabler/icons-react';
import { useEffect, type ComponentType, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PagedStore } from '../paged-rows.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { PagedList } from '../ui/paged-list.tsx';
import type { RowChoice } from '../ui/use-list-keys.ts';
import type { Column } from '../ui/virtual-table.tsx';

/** A list of packages in each of its states; it asks anew when it is opened. */
export function ListRows<T, Extra>(props: {
  id: string;
  label: string;
  store: PagedStore<T, Extra>;
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  choice?: RowChoice;
  /** True where a search or a filter leaves rows out. */
  filtered: boolean;
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  empty: { title: string; text: string };
}): ReactNode {
  const { t } = useTranslation();
  const { filtered, icon, empty, store, ...list } = props;
  useEffect(() => void store.startOver(), [store]);
  return (
    <PagedList
      {...list}
      store={store}
      empty={
        filtered ? (
          <EmptyState icon={IconSearchOff} title={t('packages.noHits')}>
            {t('packages.noHitsText')}
          </EmptyState>
        ) : (
          <EmptyState icon={icon} title={empty.title}>
            {empty.text}
          </EmptyState>
        )
      }
    />
  );
}
