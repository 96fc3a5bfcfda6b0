import { IconWorld } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';
import { Chips } from '../ui/chips.tsx';
import { Name } from '../ui/figures.tsx';
import { RowCount, useChosen } from '../ui/paged-list.tsx';
import { Panel } from '../ui/panel.tsx';
import { SearchField } from '../ui/search-field.tsx';
import type { Column } from '../ui/virtual-table.tsx';
import { CatalogueCase } from './catalogue-case.tsx';
import { ListRows } from './list-rows.tsx';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import type { ListIds } from './packages-screen.tsx';
import type { OfferedPackage } from './packages-store.ts';

const sorts = ['place', 'price', 'data', 'days'] as const;
const geographies = ['all', 'local', 'regional', 'global', 'retired'] as const;
const keyOf = (one: OfferedPackage): string => one.reseller_id;

/** All that the supplier offers, to search, and to sell from. */
export function CatalogueTab({ ids }: { ids: ListIds }): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const query = useStore(packages.asked, (state) => state.catalogue);
  const columns = useCatalogueColumns();
  const { choice, chosen } = useChosen(packages.catalogue, keyOf);
  const kind = query.status === 'retired' ? 'retired' : (query.geography ?? 'all');
  return (
    <div className={css.tab}>
      <div className={css.bar}>
        <Chips
          label={t('packages.geographies')}
          names={geographies}
          chosen={kind}
          onChoose={(name) =>
            packages.ask(
              'catalogue',
              name === 'retired'
                ? { status: 'retired', geography: null }
                : { status: 'active', geography: name === 'all' ? null : name },
            )
          }
        >
          {(name) => t(`packages.geography.${name}`)}
        </Chips>
        <SearchField
          id={ids.search}
          listId={ids.list}
          label={t('packages.searchCatalogue')}
          value={query.search}
          onSearch={(search) => packages.ask('catalogue', { search })}
        />
      </div>
      <div className={css.body}>
        <Panel
          title={t('packages.tabs.catalogue')}
          side={
            <>
              <span className={css.quiet}>{t('packages.sortBy')}</span>
              <Chips
                label={t('packages.sortBy')}
                names={sorts}
                chosen={query.sort}
                onChoose={(sort) => packages.ask('catalogue', { sort })}
              >
                {(name) => t(`packages.sort.${name}`)}
              </Chips>
              <RowCount store={packages.catalogue} />
            </>
          }
        >
          <ListRows
            id={ids.list}
            label={t('packages.tabs.catalogue')}
            store={packages.catalogue}
            columns={columns}
            rowKey={keyOf}
            choice={choice}
            filtered={query.search !== '' || kind !== 'all'}
            icon={IconWorld}
            empty={{ title: t('packages.catalogue.empty'), text: t('packages.catalogue.emptyText') }}
          />
        </Panel>
        <CatalogueCase key={chosen?.reseller_id ?? ''} offered={chosen} />
      </div>
    </div>
  );
}

function useCatalogueColumns(): readonly Column<OfferedPackage>[] {
  const { t } = useTranslation();
  const words = usePackageWords();
  return useMemo(
    () => [
      {
        key: 'name',
        label: t('packages.name'),
        width: 'minmax(0, 1.6fr)',
        cell: (one) => <Name value={one.name} />,
      },
      {
        key: 'place',
        label: t('packages.place'),
        width: 'minmax(0, 0.9fr)',
        cell: (one) => <Name value={one.country_name ?? one.place} />,
      },
      {
        key: 'data',
        label: t('packages.data'),
        width: '96px',
        align: 'end',
        cell: words.data,
      },
      {
        key: 'days',
        label: t('packages.period'),
        width: '70px',
        align: 'end',
        cell: (one) => words.days(one.days),
      },
      {
        key: 'price',
        label: t('packages.cost'),
        width: '90px',
        align: 'end',
        cell: (one) => words.price(one.price),
      },
      {
        key: 'mine',
        label: t('packages.diff.mine'),
        width: '80px',
        cell: (one) => (one.mine === null ? '' : t('packages.diff.sold')),
      },
    ],
    [t, words],
  );
}
