import { IconArrowsDiff } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CatalogueChange } from '../../shared/contract/catalogue.ts';
import { useServices } from '../services.ts';
import { Chips } from '../ui/chips.tsx';
import { Age, Name } from '../ui/figures.tsx';
import { RowCount } from '../ui/paged-list.tsx';
import { Panel } from '../ui/panel.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Column } from '../ui/virtual-table.tsx';
import { ChangeWord } from './change-word.tsx';
import { ListRows } from './list-rows.tsx';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';

const kinds = ['all', 'new', 'retired', 'returned', 'repriced', 'changed'] as const;
const keyOf = (change: CatalogueChange): string => `${change.change} ${change.reseller_id}`;

/** What the last pass that moved anything moved. */
export function DiffTab({ listId }: { listId: string }): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const format = useFormat();
  const chosen = useStore(packages.asked, (state) => state.diff.change);
  const extra = useStore(packages.diff, (state) => state.extra);
  const columns = useDiffColumns();
  const of = (kind: (typeof kinds)[number]): string =>
    extra === null || kind === 'all' ? '' : format.number(extra.counts[kind]);
  return (
    <div className={css.tab}>
      <div className={css.bar}>
        <Chips
          label={t('packages.diff.kinds')}
          names={kinds}
          chosen={chosen ?? 'all'}
          onChoose={(kind) => packages.ask('diff', { change: kind === 'all' ? null : kind })}
        >
          {(kind) => (
            <>
              {kind === 'all' ? t('packages.all') : t(`packages.change.${kind}`)}
              <span className={css.quiet}>{of(kind)}</span>
            </>
          )}
        </Chips>
        <span className={css.quiet}>
          {extra?.run?.ended_at ? (
            <>
              {t('packages.pass.read')} <Age at={extra.run.ended_at} />
            </>
          ) : null}
        </span>
      </div>
      <div className={css.whole}>
        <Panel title={t('packages.tabs.diff')} side={<RowCount store={packages.diff} />}>
          <ListRows
            id={listId}
            label={t('packages.tabs.diff')}
            store={packages.diff}
            columns={columns}
            rowKey={keyOf}
            filtered={chosen !== null}
            icon={IconArrowsDiff}
            empty={{ title: t('packages.diff.empty'), text: t('packages.diff.emptyText') }}
          />
        </Panel>
      </div>
    </div>
  );
}

function useDiffColumns(): readonly Column<CatalogueChange>[] {
  const { t } = useTranslation();
  const words = usePackageWords();
  return useMemo(
    () => [
      {
        key: 'change',
        label: t('packages.diff.change'),
        width: '130px',
        cell: (one) => <ChangeWord change={one.change} />,
      },
      {
        key: 'name',
        label: t('packages.name'),
        width: 'minmax(0, 1.6fr)',
        cell: (one) => <Name value={one.name} />,
      },
      {
        key: 'place',
        label: t('packages.place'),
        width: 'minmax(0, 0.8fr)',
        cell: (one) => <Name value={one.place} />,
      },
      {
        key: 'id',
        label: t('packages.id'),
        width: 'minmax(0, 1.2fr)',
        cell: (one) => <Name value={one.reseller_id} />,
      },
      {
        key: 'before',
        label: t('packages.diff.before'),
        width: '90px',
        align: 'end',
        cell: (one) => words.price(one.price_before),
      },
      {
        key: 'after',
        label: t('packages.diff.after'),
        width: '90px',
        align: 'end',
        cell: (one) => words.price(one.price_after),
      },
      {
        key: 'mine',
        label: t('packages.diff.mine'),
        width: '90px',
        cell: (one) => (one.mine ? t('packages.diff.sold') : ''),
      },
    ],
    [t, words],
  );
}
