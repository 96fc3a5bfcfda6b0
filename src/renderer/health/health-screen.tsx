import { Switch } from '@mantine/core';
import { IconHeartbeat, IconSearchOff } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { healthEventType, type HealthEventView, type IncidentView } from '../../shared/contract/health.ts';
import type { PagedStore } from '../paged-rows.ts';
import { useServices } from '../services.ts';
import { Chips } from '../ui/chips.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { PagedList, RowCount, useChosen } from '../ui/paged-list.tsx';
import { Panel } from '../ui/panel.tsx';
import parts from '../ui/parts.module.css';
import { SearchField } from '../ui/search-field.tsx';
import { Count, Tabs } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Column } from '../ui/virtual-table.tsx';
import { EventCase, IncidentCase } from './health-case.tsx';
import { useEventColumns, useIncidentColumns } from './health-columns.tsx';
import { healthTabs } from './health-store.ts';
import css from './health.module.css';

/** Reading further down than this many rows is not following. */
const followedRows = 4;

/** What happened and what is wrong: the timeline, and its incidents with whether they are solved. */
export function HealthScreen({ ids }: { ids: { list: string; search: string } }): ReactNode {
  const { t } = useTranslation();
  const { health } = useServices();
  const tab = useStore(health, (state) => state.tab);
  const search = useStore(health, (state) => state.search);
  useEffect(() => {
    void health.events.startOver();
    void health.incidents.startOver();
  }, [health]);
  return (
    <div className={css.screen}>
      <div className={css.head}>
        <h1 className={parts.heading}>{t('screens.health')}</h1>
        <div className={css.headSide}>
          {tab === 'events' ? <Follow /> : null}
          <SearchField
            id={ids.search}
            listId={ids.list}
            label={t('health.search')}
            value={search}
            onSearch={(text) => health.ask({ search: text })}
          />
        </div>
      </div>
      <TypeFilter />
      {tab === 'events' ? <Events id={ids.list} /> : <Incidents id={ids.list} />}
    </div>
  );
}

function Follow(): ReactNode {
  const { t } = useTranslation();
  const { health } = useServices();
  const follow = useStore(health, (state) => state.follow);
  return (
    <Switch
      size="xs"
      label={t('health.follow')}
      checked={follow}
      onChange={(event) => health.setState({ follow: event.currentTarget.checked })}
    />
  );
}

function TypeFilter(): ReactNode {
  const { t } = useTranslation();
  const { health } = useServices();
  const chosen = useStore(health, (state) => state.type);
  return (
    <Chips
      label={t('health.typeLabel')}
      names={['all', ...healthEventType.options]}
      chosen={chosen ?? 'all'}
      onChoose={(type) => health.ask({ type: type === 'all' ? null : type })}
    >
      {(type) => (type === 'all' ? t('health.allTypes') : t(`health.type.${type}`))}
    </Chips>
  );
}

function Head(): ReactNode {
  const { t } = useTranslation();
  const { health } = useServices();
  const format = useFormat();
  const tab = useStore(health, (state) => state.tab);
  const open = useStore(health.incidents, (state) => state.extra?.open ?? 0);
  return (
    <Tabs
      label={t('screens.health')}
      names={healthTabs}
      chosen={tab}
      onChoose={(name) => health.setState({ tab: name })}
    >
      {(name) => (
        <>
          {t(`health.tabs.${name}`)}
          {name === 'incidents' && open > 0 ? <Count>{format.number(open)}</Count> : null}
        </>
      )}
    </Tabs>
  );
}

const eventKey = (event: HealthEventView): string => event.key;
const incidentKey = (one: IncidentView): string => String(one.id);

function Events({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { health } = useServices();
  const follow = useStore(health, (state) => state.follow);
  const columns = useEventColumns();
  const { choice, chosen } = useChosen(health.events, eventKey);
  return (
    <div className={css.body}>
      <Panel title={t('health.tabs.events')} head={<Head />} side={<RowCount store={health.events} />}>
        <Rows
          key={follow ? 'followed' : 'kept'}
          id={id}
          label={t('health.tabs.events')}
          store={health.events}
          columns={columns}
          rowKey={eventKey}
          choice={choice}
          onLook={(first) => {
            if (follow && first > followedRows) health.setState({ follow: false });
          }}
          {...(follow ? {} : { arrivedAbove: (count: number) => t('health.above', { count }) })}
        />
      </Panel>
      <EventCase event={chosen} />
    </div>
  );
}

function Incidents({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { health } = useServices();
  const columns = useIncidentColumns();
  const { choice, chosen } = useChosen(health.incidents, incidentKey);
  return (
    <div className={css.body}>
      <Panel title={t('health.tabs.incidents')} head={<Head />} side={<RowCount store={health.incidents} />}>
        <Rows
          id={id}
          label={t('health.tabs.incidents')}
          store={health.incidents}
          columns={columns}
          rowKey={incidentKey}
          choice={choice}
        />
      </Panel>
      <IncidentCase incident={chosen} />
    </div>
  );
}

function Rows<T, Extra extends { readonly total: number }>(props: {
  id: string;
  label: string;
  store: PagedStore<T, Extra>;
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  choice: { active: string | null; choose: (key: string | null) => void };
  onLook?: (first: number) => void;
  arrivedAbove?: (count: number) => string;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const extra = useStore(props.store, (state) => state.extra);
  const tab = useStore(useServices().health, (state) => state.tab);
  return (
    <PagedList
      {...props}
      empty={
        extra !== null && extra.total > 0 ? (
          <EmptyState icon={IconSearchOff} title={t('health.noHits')}>
            {t('health.noHitsText', { number: format.number(extra.total) })}
          </EmptyState>
        ) : (
          <EmptyState icon={IconHeartbeat} title={t(`health.empty.${tab}`)}>
            {t('health.emptyText')}
          </EmptyState>
        )
      }
    />
  );
}
