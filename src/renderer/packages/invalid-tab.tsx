import { Button } from '@mantine/core';
import { IconCircleCheck, IconHistory } from '@tabler/icons-react';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import {
  invalidReasons,
  type InvalidPackage,
  type MappingChange,
  type Proposal,
} from '../../shared/contract/my-packages.ts';
import { usePageKeys } from '../page-keys.ts';
import { useServices } from '../services.ts';
import { Moment, Name } from '../ui/figures.tsx';
import { RowCount, useChosen } from '../ui/paged-list.tsx';
import { Panel } from '../ui/panel.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Column } from '../ui/virtual-table.tsx';
import { AutoFixButton } from './auto-fix.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FixCase } from './fix-case.tsx';
import { ListRows } from './list-rows.tsx';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import type { ListIds } from './packages-screen.tsx';
import { usePackageActions } from './use-package-actions.ts';
import { Mark, useSelection, type Selection } from './use-selection.tsx';

const reasons = ['all', ...invalidReasons] as const;
const keyOf = (one: InvalidPackage): string => String(one.package.id);
const changeKey = (one: MappingChange): string => String(one.id);
type View = 'open' | 'changes';

/** What cannot be sold as it is, with why and what to sell instead; and what was changed, to take back. */
export function InvalidTab({ ids }: { ids: ListIds }): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const [view, setView] = useState<View>('open');
  const query = useStore(packages.asked, (state) => state.invalid);
  usePageKeys((key) => {
    if (key === 'c') setView(view === 'open' ? 'changes' : 'open');
    return key === 'c';
  }, 'screen');
  const head = (
    <Tabs
      label={t('packages.tabs.invalid')}
      names={['open', 'changes'] as const}
      chosen={view}
      onChoose={setView}
    >
      {(name) => t(`packages.fix.view.${name}`)}
    </Tabs>
  );
  return (
    <div className={css.tab}>
      <FilterBar
        ids={ids}
        label={t('packages.reasons')}
        names={reasons}
        chosen={query.reason ?? 'all'}
        onChoose={(reason) => packages.ask('invalid', { reason: reason === 'all' ? null : reason })}
        word={(reason) => (reason === 'all' ? t('packages.all') : t(`packages.reason.${reason}`))}
        search={{
          label: t('packages.search'),
          value: query.search,
          onSearch: (search) => packages.ask('invalid', { search }),
        }}
      />
      {view === 'open' ? <Open ids={ids} head={head} /> : <Changes ids={ids} head={head} />}
    </div>
  );
}

function Open({ ids, head }: { ids: ListIds; head: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const query = useStore(packages.asked, (state) => state.invalid);
  const selection = useSelection<Proposal>();
  const columns = useInvalidColumns(selection);
  const { choice, chosen } = useChosen(packages.invalid, keyOf);
  const rows = useStore(packages.invalid, (state) => state.rows);
  usePageKeys((key) => {
    const proposal = key === 'm' ? chosen?.proposal : undefined;
    if (proposal) selection.toggle(proposal.id, proposal);
    return Boolean(proposal);
  }, 'screen');
  const isThere = rows.some((row) => row?.package.id === chosen?.package.id) || rows.includes(undefined);
  return (
    <div className={css.body}>
      <Panel
        title={t('packages.tabs.invalid')}
        head={head}
        side={
          selection.rows.size > 0 ? (
            <DecideMany selection={selection} />
          ) : (
            <>
              <AutoFixButton />
              <RowCount store={packages.invalid} />
            </>
          )
        }
      >
        <ListRows
          id={ids.list}
          label={t('packages.tabs.invalid')}
          store={packages.invalid}
          columns={columns}
          rowKey={keyOf}
          choice={choice}
          filtered={query.search !== '' || query.reason !== null}
          icon={IconCircleCheck}
          empty={{ title: t('packages.fix.empty'), text: t('packages.fix.emptyText') }}
        />
      </Panel>
      <FixCase
        key={chosen === null ? '' : `${chosen.package.id} ${chosen.package.version}`}
        invalid={isThere ? chosen : null}
      />
    </div>
  );
}

function DecideMany({ selection }: { selection: Selection<Proposal> }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = usePackageActions();
  const count = selection.rows.size;
  async function decide(action: 'accept' | 'refuse'): Promise<void> {
    const proposals = [...selection.rows.values()].slice(0, 500).map(({ id, version }) => ({ id, version }));
    const done = await actions.attempt((calls) => calls.decideProposals({ proposals, action }));
    selection.clear();
    actions.refresh();
    if (done === null) return;
    const { decided, refused } = done;
    actions.tell(
      t(`packages.fix.decided.${action}`, {
        count: decided.length,
        number: format.number(decided.length),
      }),
      refused.map((one) => one.message).join(' '),
    );
  }
  return (
    <>
      <span className={css.quiet}>{t('packages.marked', { count, number: format.number(count) })}</span>
      <Button size="compact-xs" onClick={() => void decide('accept')}>
        {t('packages.fix.accept')}
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => void decide('refuse')}>
        {t('packages.fix.refuse')}
      </Button>
      <Button size="compact-xs" variant="subtle" onClick={selection.clear}>
        {t('packages.unmark')}
      </Button>
    </>
  );
}

function useInvalidColumns(selection: Selection<Proposal>): readonly Column<InvalidPackage>[] {
  const { t } = useTranslation();
  const words = usePackageWords();
  const { rows, toggle } = selection;
  return useMemo(
    () => [
      {
        key: 'mark',
        label: '',
        width: '18px',
        cell: ({ package: mapping, proposal }) =>
          proposal === null ? null : (
            <Mark
              name={mapping.name ?? mapping.reseller_id}
              checked={rows.has(proposal.id)}
              onToggle={() => toggle(proposal.id, proposal)}
            />
          ),
      },
      {
        key: 'name',
        label: t('packages.name'),
        width: 'minmax(0, 1fr)',
        cell: ({ package: mapping }) => <Name value={mapping.name ?? mapping.reseller_id} />,
      },
      {
        key: 'place',
        label: t('packages.place'),
        width: 'minmax(0, 0.6fr)',
        cell: ({ package: mapping }) => <Name value={words.place(mapping)} />,
      },
      {
        key: 'reason',
        label: t('packages.fix.why'),
        width: 'minmax(0, 1.3fr)',
        cell: (one) => <Name value={words.why(one)} />,
      },
      {
        key: 'proposal',
        label: t('packages.fix.proposed'),
        width: 'minmax(0, 1.3fr)',
        cell: ({ proposal }) =>
          proposal === null ? (
            <span className={css.quiet}>{t('packages.fix.nothing')}</span>
          ) : (
            <Name
              value={
                proposal.kind === 'correct'
                  ? t('packages.fix.correct')
                  : words.differences(proposal.differences)
              }
            />
          ),
      },
    ],
    [t, words, rows, toggle],
  );
}

function Changes({ ids, head }: { ids: ListIds; head: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const undo = useUndo();
  const columns = useChangeColumns(undo);
  const { choice, chosen } = useChosen(packages.changes, changeKey);
  usePageKeys((key) => {
    if (key !== 'u' || !chosen?.undoable) return false;
    void undo(chosen);
    return true;
  }, 'screen');
  return (
    <div className={css.whole}>
      <Panel title={t('packages.fix.view.changes')} head={head} side={<RowCount store={packages.changes} />}>
        <ListRows
          id={ids.list}
          label={t('packages.fix.view.changes')}
          store={packages.changes}
          columns={columns}
          rowKey={changeKey}
          choice={choice}
          filtered={false}
          icon={IconHistory}
          empty={{ title: t('packages.fix.noChanges'), text: t('packages.fix.noChangesText') }}
        />
      </Panel>
    </div>
  );
}

type Undo = (change: MappingChange) => Promise<void>;

function useUndo(): Undo {
  const { t } = useTranslation();
  const actions = usePackageActions();
  return useCallback(
    async (change) => {
      const done = await actions.attempt((calls) => calls.undo({ change_id: change.id }));
      if (done !== null) actions.tell(t('packages.fix.undone'), done.name ?? done.reseller_id);
      actions.refresh();
    },
    [t, actions],
  );
}

function useChangeColumns(undo: Undo): readonly Column<MappingChange>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'at',
        label: t('packages.when'),
        width: '110px',
        cell: (one) => <Moment at={one.at} />,
      },
      {
        key: 'actor',
        label: t('packages.who'),
        width: '110px',
        cell: (one) => <Name value={one.actor} />,
      },
      {
        key: 'name',
        label: t('packages.name'),
        width: 'minmax(0, 1fr)',
        cell: (one) => <Name value={one.name ?? one.from_reseller_id} />,
      },
      {
        key: 'action',
        label: t('packages.fix.what'),
        width: '150px',
        cell: (one) => t(`packages.fix.action.${one.action}`),
      },
      {
        key: 'to',
        label: t('packages.fix.to'),
        width: 'minmax(0, 1.4fr)',
        cell: (one) => (
          <Name
            value={
              one.from_reseller_id === one.to_reseller_id
                ? one.words
                : `${one.from_reseller_id} → ${one.to_reseller_id}`
            }
          />
        ),
      },
      {
        key: 'undo',
        label: '',
        width: '96px',
        align: 'end',
        cell: (one) =>
          one.undone_at !== null ? (
            <span className={css.quiet}>{t('packages.fix.wasUndone')}</span>
          ) : one.undoable ? (
            <Button size="compact-xs" variant="default" onClick={() => void undo(one)}>
              {t('packages.fix.undo')}
            </Button>
          ) : null,
      },
    ],
    [t, undo],
  );
}
