import { Button, Select, Switch } from '@mantine/core';
import { IconCopy, IconFileZip, IconFileText, IconSearchOff } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { logLevels, type LogLine } from '../../shared/contract/log.ts';
import { useServices } from '../services.ts';
import { usePoll } from '../use-poll.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Panel } from '../ui/panel.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import { VirtualTable } from '../ui/virtual-table.tsx';
import { LogCase } from './log-case.tsx';
import { useLogColumns } from './log-columns.tsx';
import css from './log.module.css';
import { useCopyLines } from './use-copy-lines.ts';

const rowHeight = 28;
const everyMs = 1_000;
const lineKey = (line: LogLine): string => line.place;

/** The program's own log, newest last: followed, searched, and copied. */
export function LogView({ ids }: { ids: { list: string; search: string } }): ReactNode {
  const { t } = useTranslation();
  const { log } = useServices();
  const copy = useCopyLines();
  const [chosen, setChosen] = useState<LogLine | null>(null);
  const lines = useStore(log, (state) => state.lines);
  useEffect(() => void log.startOver(), [log]);
  usePoll(log, everyMs);
  useListFocus(ids.list, lines !== null && lines.length > 0);
  return (
    <div className={css.view}>
      <Filters ids={ids} />
      <div className={css.body}>
        <Panel title={t('log.title')} side={<Side />}>
          <Lines id={ids.list} chosen={chosen} onChoose={setChosen} />
        </Panel>
        <LogCase line={chosen} onCopy={(text) => void copy([text])} />
      </div>
    </div>
  );
}

function Filters({ ids }: { ids: { list: string; search: string } }): ReactNode {
  const { t } = useTranslation();
  const { log, navigation } = useServices();
  const format = useFormat();
  const { level, search, part, log: name } = useStore(log, (state) => state.query);
  const parts = useStore(log, (state) => state.parts);
  const logs = useStore(log, (state) => state.logs);
  const follow = useStore(log, (state) => state.follow);
  const onSearch = useCallback((text: string) => log.ask({ search: text }), [log]);
  const there = logs.some((one) => one.name === name) ? logs : [{ name, bytes: 0 }, ...logs];
  return (
    <div className={css.filters}>
      <Select
        size="xs"
        w={170}
        aria-label={t('log.which')}
        allowDeselect={false}
        data={there.map((one) => ({
          value: one.name,
          label: `${t(`log.name.${one.name}`)} · ${format.megabytes(one.bytes)}`,
        }))}
        value={name}
        onChange={(value) => value !== null && log.ask({ log: value })}
      />
      <Select
        size="xs"
        w={170}
        aria-label={t('log.levelLabel')}
        allowDeselect={false}
        data={logLevels.map((one) => ({ value: one, label: t(`log.from.${one}`) }))}
        value={level}
        onChange={(value) => value !== null && log.ask({ level: value })}
      />
      <Select
        size="xs"
        w={150}
        aria-label={t('log.part')}
        placeholder={t('log.allParts')}
        clearable
        searchable
        nothingFoundMessage={t('log.noPart')}
        data={part === null || parts.includes(part) ? [...parts] : [part, ...parts]}
        value={part}
        onChange={(value) => log.ask({ part: value })}
      />
      <SearchField
        id={ids.search}
        listId={ids.list}
        label={t('log.search')}
        value={search}
        onSearch={onSearch}
      />
      <Switch
        size="xs"
        label={t('log.follow')}
        checked={follow}
        onChange={(event) => log.follow(event.currentTarget.checked)}
      />
      <Button
        className={css.push}
        size="xs"
        variant="default"
        leftSection={<IconFileZip size={14} aria-hidden />}
        onClick={() => navigation.setState({ diagnosticsShown: true })}
      >
        {t('diagnostics.open')}
      </Button>
    </div>
  );
}

/** How many lines are shown, how far back was looked, and the button that copies them. */
function Side(): ReactNode {
  const { t } = useTranslation();
  const { log } = useServices();
  const format = useFormat();
  const copy = useCopyLines();
  const lines = useStore(log, (state) => state.lines) ?? [];
  const { searching, lookedBackTo, before } = useStore(log);
  const back = lookedBackTo === null ? null : format.stampWithSeconds(lookedBackTo);
  return (
    <>
      <span className={css.quiet} role="status">
        {searching && back !== null && before !== null
          ? t('log.searching', { time: back })
          : t('log.shown', { count: lines.length, number: format.number(lines.length) })}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={lines.length === 0}
        leftSection={<IconCopy size={14} aria-hidden />}
        onClick={() => void copy(lines.map(({ raw }) => raw))}
      >
        {t('log.copyAll')}
      </Button>
    </>
  );
}

function Lines(props: {
  id: string;
  chosen: LogLine | null;
  onChoose: (line: LogLine | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { log } = useServices();
  const { lines, failure, follow, query, searching } = useStore(log);
  const columns = useLogColumns();
  const { chosen, onChoose } = props;
  const choice = useMemo(
    () => ({
      active: chosen?.place ?? null,
      choose: (key: string | null) => {
        // Who looks at a line wants it to stay.
        if (key !== null) log.follow(false);
        onChoose(log.getState().lines?.find(({ place }) => place === key) ?? null);
      },
    }),
    [chosen, log, onChoose],
  );
  const end = useMemo(
    () => ({ follow, onLeave: () => log.follow(false), onTop: () => void log.older() }),
    [follow, log],
  );
  if (failure !== null && (lines === null || lines.length === 0))
    return <ErrorState failure={failure} onRetry={() => void log.startOver()} />;
  if (lines === null || (lines.length === 0 && searching)) return <Bones rows={12} height={rowHeight} head />;
  if (lines.length === 0) {
    const asked = query.search !== '' || query.part !== null || query.level !== 'debug';
    return (
      <EmptyState icon={asked ? IconSearchOff : IconFileText} title={t(asked ? 'log.noHits' : 'log.empty')}>
        {t(asked ? 'log.noHitsText' : 'log.emptyText')}
      </EmptyState>
    );
  }
  return (
    <VirtualTable
      id={props.id}
      label={t('log.title')}
      columns={columns}
      rows={lines}
      rowKey={lineKey}
      rowHeight={rowHeight}
      choice={choice}
      end={end}
    />
  );
}
