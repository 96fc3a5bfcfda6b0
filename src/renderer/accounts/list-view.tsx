import { Button, FileButton, Switch, Textarea } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconFileUpload, IconPlayerPlay } from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { maxListText, type ListRow } from '../../shared/contract/accounts.ts';
import { useServices } from '../services.ts';
import { Name } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import { ListResults } from './list-results.tsx';
import { decodeList } from './read-list-file.ts';
import css from './accounts.module.css';
import { rowColumns } from './row-columns.tsx';
import { useAccountActions } from './use-account-actions.ts';

const rowHeight = 30;

/** A whole list: written or from a file, then looked through row by row, then under way with what came of each. */
export function ListView({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const preview = useStore(accounts, (state) => state.preview);
  const ran = useStore(accounts.underWay, (state) => state.progress !== null);
  const readable = preview !== null && preview.of.unreadable === null;
  return (
    <Panel
      title={t(ran ? 'accounts.list.results' : readable ? 'accounts.list.preview' : 'accounts.list.title')}
    >
      {ran ? <ListResults id={id} /> : readable ? <Preview id={id} /> : <Write />}
    </Panel>
  );
}

function Write(): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const actions = useAccountActions();
  const text = useStore(accounts, (state) => state.listText);
  const unreadable = useStore(accounts, (state) => state.preview?.of.unreadable ?? null);
  const [tooLong, setTooLong] = useState(false);
  const [looking, setLooking] = useState(false);
  const take = (next: string): void => {
    setTooLong(next.length > maxListText);
    accounts.setState({ listText: next.slice(0, maxListText), preview: null });
  };
  async function look(from: string): Promise<void> {
    setLooking(true);
    await actions.preview(from);
    setLooking(false);
  }
  async function open(file: File | null): Promise<void> {
    if (file === null) return;
    const read = decodeList(await file.arrayBuffer());
    take(read);
    if (read.length <= maxListText) await look(read);
  }
  const wrong = tooLong
    ? t('accounts.list.tooLong')
    : unreadable === null
      ? null
      : unreadable.line === null
        ? t('accounts.list.unreadable')
        : t('accounts.list.unreadableLine', { line: unreadable.line });
  return (
    <div className={css.write}>
      <p>{t('accounts.list.text')}</p>
      <Textarea
        className={css.text ?? ''}
        aria-label={t('accounts.list.title')}
        placeholder={t('accounts.list.example')}
        value={text}
        spellCheck={false}
        onChange={(event) => take(event.currentTarget.value)}
      />
      <div className={css.foot}>
        <span role="status">
          {wrong === null ? null : (
            <StateWord tone="bad" icon={IconAlertTriangle} title={unreadable?.message ?? wrong}>
              {wrong}
            </StateWord>
          )}
        </span>
        <div className={css.footSide}>
          <FileButton accept=".csv,.txt,.tsv,text/csv,text/plain" onChange={(file) => void open(file)}>
            {(props) => (
              <Button
                {...props}
                size="xs"
                variant="default"
                leftSection={<IconFileUpload size={14} aria-hidden />}
              >
                {t('accounts.list.file')}
              </Button>
            )}
          </FileButton>
          <Button
            size="xs"
            loading={looking}
            disabled={text.trim() === '' || tooLong}
            onClick={() => void look(text)}
          >
            {t('accounts.list.look')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Preview({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { accounts } = useServices();
  const format = useFormat();
  const actions = useAccountActions();
  const preview = useStore(accounts, (state) => state.preview);
  const [onlyProblems, setOnlyProblems] = useState(false);
  const [starting, setStarting] = useState(false);
  const columns = useColumns();
  const all = preview?.of.rows;
  const rows = useMemo(
    () => (all ?? []).filter((row) => !onlyProblems || row.problem !== null),
    [all, onlyProblems],
  );
  if (preview === null) return null;
  const { ready, problems } = preview.of;
  async function start(): Promise<void> {
    setStarting(true);
    await actions.start(preview?.text ?? '');
    setStarting(false);
  }
  return (
    <div className={css.list}>
      <div className={css.bar}>
        <StateWord tone="ok" icon={IconCircleCheck}>
          {t('accounts.list.ready', { count: ready, number: format.number(ready) })}
        </StateWord>
        {problems === 0 ? null : (
          <>
            <StateWord tone="warn" icon={IconAlertTriangle}>
              {t('accounts.list.problems', { count: problems, number: format.number(problems) })}
            </StateWord>
            <Switch
              size="xs"
              label={t('accounts.list.onlyProblems')}
              checked={onlyProblems}
              onChange={(event) => setOnlyProblems(event.currentTarget.checked)}
            />
          </>
        )}
        <div className={css.footSide}>
          <Button size="xs" variant="default" onClick={() => accounts.setState({ preview: null })}>
            {t('accounts.list.change')}
          </Button>
          <Button
            size="xs"
            loading={starting}
            disabled={ready === 0}
            leftSection={<IconPlayerPlay size={14} aria-hidden />}
            onClick={() => void start()}
          >
            {t('accounts.list.start', { count: ready, number: format.number(ready) })}
          </Button>
        </div>
      </div>
      <VirtualTable
        id={id}
        label={t('accounts.list.preview')}
        columns={columns}
        rows={rows}
        rowKey={(row) => String(row.line)}
        rowHeight={rowHeight}
      />
    </div>
  );
}

function useColumns(): readonly Column<ListRow>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      ...rowColumns<ListRow>(t, 'minmax(0, 1.3fr)'),
      {
        key: 'name',
        label: t('accounts.name'),
        width: 'minmax(0, 1fr)',
        cell: (row) => <Name value={row.name} />,
      },
      {
        key: 'plan',
        label: t('accounts.plan'),
        width: 'minmax(0, 0.6fr)',
        cell: (row) => <Name value={row.plan} />,
      },
      {
        key: 'problem',
        label: t('accounts.list.state'),
        width: 'minmax(0, 1.2fr)',
        cell: (row) =>
          row.problem === null ? (
            <StateWord tone="ok" icon={IconCircleCheck}>
              {t('accounts.list.willRun')}
            </StateWord>
          ) : (
            <StateWord tone="warn" icon={IconAlertTriangle} title={t(`accounts.problem.${row.problem}`)}>
              {t(`accounts.problem.${row.problem}`)}
            </StateWord>
          ),
      },
    ],
    [t],
  );
}
