import { Button } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { MyPackage } from '../../shared/contract/my-packages.ts';
import { useServices } from '../services.ts';
import { Name } from '../ui/figures.tsx';
import { RowCount, useChosen } from '../ui/paged-list.tsx';
import { Panel } from '../ui/panel.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Column } from '../ui/virtual-table.tsx';
import { FilterBar } from './filter-bar.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ListRows } from './list-rows.tsx';
import { MineCase } from './mine-case.tsx';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import type { ListIds } from './packages-screen.tsx';
import { usePackageActions } from './use-package-actions.ts';
import { Mark, useSelection, type Selection } from './use-selection.tsx';
import { Validity } from './validity.tsx';

const statuses = ['all', 'valid', 'invalid', 'unchecked', 'hidden'] as const;
const keyOf = (one: MyPackage): string => String(one.id);

/** What the office sells: to price, to show or hide, to bring in and to take out as a file. */
export function MineTab({ ids }: { ids: ListIds }): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const query = useStore(packages.asked, (state) => state.mine);
  const selection = useSelection<MyPackage>();
  const columns = useMineColumns(selection);
  const { choice, chosen } = useChosen(packages.mine, keyOf);
  const loaded = useStore(packages.mine, (state) => state.rows);
  const isThere = loaded.some((row) => row?.id === chosen?.id) || loaded.includes(undefined);
  return (
    <div className={css.tab}>
      <FilterBar
        ids={ids}
        label={t('packages.state')}
        names={statuses}
        chosen={query.status}
        onChoose={(status) => packages.ask('mine', { status })}
        word={(status) => (status === 'all' ? t('packages.all') : t(`packages.status.${status}`))}
        search={{
          label: t('packages.search'),
          value: query.search,
          onSearch: (search) => packages.ask('mine', { search }),
        }}
      >
        <Files />
      </FilterBar>
      <div className={css.body}>
        <Panel
          title={t('packages.tabs.mine')}
          side={
            selection.rows.size > 0 ? <ShowMany selection={selection} /> : <RowCount store={packages.mine} />
          }
        >
          <ListRows
            id={ids.list}
            label={t('packages.tabs.mine')}
            store={packages.mine}
            columns={columns}
            rowKey={keyOf}
            choice={choice}
            filtered={query.search !== '' || query.status !== 'all'}
            icon={IconPackage}
            empty={{ title: t('packages.mine.empty'), text: t('packages.mine.emptyText') }}
          />
        </Panel>
        <MineCase
          key={chosen === null ? '' : `${chosen.id} ${chosen.version}`}
          mapping={isThere ? chosen : null}
        />
      </div>
    </div>
  );
}

function Files(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = usePackageActions();
  const [importing, setImporting] = useState(false);
  async function save(): Promise<void> {
    const done = await actions.attempt((calls) => calls.exportCsv());
    if (done !== null && done.path !== null)
      actions.tell(
        t('packages.mine.exported', { count: done.rows, number: format.number(done.rows) }),
        done.path,
      );
  }
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setImporting(true)}>
        {t('packages.import.open')}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => void save()}>
        {t('packages.mine.export')}
      </Button>
      {importing ? <ImportDialog onClose={() => setImporting(false)} /> : null}
    </>
  );
}

function ShowMany({ selection }: { selection: Selection<MyPackage> }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = usePackageActions();
  async function show(visible: boolean): Promise<void> {
    const chosen = [...selection.rows.values()].slice(0, 500).map(({ id, version }) => ({ id, version }));
    const done = await actions.attempt((calls) => calls.show({ packages: chosen, visible }));
    if (done === null) return;
    const { changed, refused } = done;
    const count = changed.length;
    actions.tell(
      t(visible ? 'packages.mine.shown' : 'packages.mine.hidden', { count, number: format.number(count) }),
      refused.map((one) => one.message).join(' '),
    );
    selection.clear();
    actions.refresh();
  }
  return (
    <>
      <span className={css.quiet}>
        {t('packages.marked', { count: selection.rows.size, number: format.number(selection.rows.size) })}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => void show(true)}>
        {t('packages.mine.show')}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => void show(false)}>
        {t('packages.mine.hide')}
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={selection.clear}>
        {t('packages.unmark')}
      </Button>
    </>
  );
}

function useMineColumns(selection: Selection<MyPackage>): readonly Column<MyPackage>[] {
  const { t } = useTranslation();
  const words = usePackageWords();
  const { rows, toggle } = selection;
  return useMemo(
    () => [
      {
        key: 'mark',
        label: '',
        width: '18px',
        cell: (one) => (
          <Mark
            name={one.name ?? one.reseller_id}
            checked={rows.has(one.id)}
            onToggle={() => toggle(one.id, one)}
          />
        ),
      },
      {
        key: 'name',
        label: t('packages.name'),
        width: 'minmax(0, 1.3fr)',
        cell: (one) => <Name value={one.name ?? one.reseller_id} />,
      },
      {
        key: 'place',
        label: t('packages.place'),
        width: 'minmax(0, 0.9fr)',
        cell: (one) => <Name value={words.place(one)} />,
      },
      {
        // One column: beside the details there is room for no more, and the place matters most.
        key: 'data',
        label: t('packages.data'),
        width: '132px',
        align: 'end',
        cell: (one) => `${words.data(one)}, ${words.days(one.days)}`,
      },
      {
        key: 'price',
        label: t('packages.price'),
        width: '76px',
        align: 'end',
        cell: (one) => words.price(one.price),
      },
      {
        key: 'state',
        label: t('packages.state'),
        width: '136px',
        cell: (one) => <Validity of={one} />,
      },
      {
        key: 'visible',
        label: t('packages.shown'),
        width: '46px',
        cell: (one) => t(one.visible ? 'packages.yes' : 'packages.no'),
      },
    ],
    [t, words, rows, toggle],
  );
}
