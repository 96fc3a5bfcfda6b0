import { Button, Kbd, Menu } from '@mantine/core';
import { IconDownload, IconFileTypePdf } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView, FairFacts } from '../../shared/contract/boards.ts';
import { usePageKeys } from '../page-keys.ts';
import { useResource, useServices } from '../services.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { Panel } from '../ui/panel.tsx';
import { Count, Tabs } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import { groupsOf } from '../ui/sort-board.ts';
import { GroupFilter } from '../ui/group-filter.tsx';
import css from './leaderboard.module.css';
import { PeriodBar } from './period-bar.tsx';
import { PeriodHead } from './period-head.tsx';
import { PeriodNumbers } from './period-numbers.tsx';
import { PrintedBoard } from './printed-board.tsx';
import { StandingsTable } from './standings-table.tsx';
import { Trend } from './trend.tsx';
import { useSaveBoard, useSaveDeals, useSaveReport } from './use-save-board.ts';

export type By = 'agents' | 'groups';

/** The standings of any period: figures, agents or groups, and how they came about day by day. */
export function LeaderboardScreen({ id }: { id: string }): ReactNode {
  const { leaderboard } = useServices();
  const shown = useResource(leaderboard);
  const [by, setBy] = useState<By>('agents');
  const save = useSaveBoard(by);
  const saveReport = useSaveReport();
  const saveDeals = useSaveDeals();
  useEffect(() => leaderboard.watch(), [leaderboard]);
  const asked = leaderboard.period();
  const board = shown.data?.board ?? null;
  const fair = shown.data?.fair ?? null;
  /** What is on screen is still another period. */
  const passing = shown.data !== null && shown.data.asked !== asked;
  usePageKeys((key) => {
    if (key === 'h') return go(leaderboard.show, board?.previous);
    if (key === 'l') return go(leaderboard.show, board?.next);
    if (key === 'g') return (setBy(by === 'agents' ? 'groups' : 'agents'), true);
    if (key === 'e') return (void save(), true);
    if (key === 'r') return (void saveReport(), true);
    if (key === 'd') return (void saveDeals(), true);
    return false;
  }, 'screen');
  const failed = shown.failure !== null && (board === null || passing);
  return (
    <div className={css.screen} data-passing={passing} aria-busy={shown.loading}>
      <header className={css.top}>
        <PeriodHead board={failed ? null : board} />
        <PeriodBar board={board} asked={asked} />
      </header>
      {failed && shown.failure !== null ? (
        <div className={css.failed}>
          <ErrorState failure={shown.failure} onRetry={() => void leaderboard.reload()} />
        </div>
      ) : (
        <>
          <PeriodNumbers board={board} />
          <div className={css.panels}>
            <Standings
              id={id}
              board={board}
              fair={fair}
              by={by}
              onBy={setBy}
              onSave={save}
              onSaveDeals={saveDeals}
              onReport={saveReport}
            />
            <Trend board={board} />
          </div>
          {board === null || passing ? null : <PrintedBoard board={board} fair={fair} />}
        </>
      )}
    </div>
  );
}

function go(show: (period: string) => void, period: string | null | undefined): boolean {
  if (period === null || period === undefined) return false;
  show(period);
  return true;
}

function Standings(props: {
  id: string;
  board: BoardView | null;
  fair: FairFacts | null;
  by: By;
  onBy: (by: By) => void;
  onSave: () => Promise<void>;
  onSaveDeals: () => Promise<void>;
  onReport: () => Promise<void>;
}): ReactNode {
  const { t } = useTranslation();
  const { board, fair, by } = props;
  const format = useFormat();
  const [group, setGroup] = useState<string | null>(null);
  const groups = groupsOf(board?.agents ?? [], format.compare);
  // A group that the next period does not know is not filtered by.
  const chosen = group !== null && groups.includes(group) ? group : null;
  const tabs = (
    <Tabs
      label={t('leaderboard.by')}
      names={['agents', 'groups'] as const}
      chosen={by}
      onChoose={(name) => props.onBy(name)}
    >
      {(name) => (
        <>
          {t(`leaderboard.tabs.${name}`)}
          {board === null ? null : <Count>{format.number(board[name].length)}</Count>}
        </>
      )}
    </Tabs>
  );
  return (
    <Panel
      title={t(`leaderboard.tabs.${by}`)}
      head={tabs}
      side={
        <>
          {by === 'agents' ? <GroupFilter groups={groups} value={chosen} onChange={setGroup} /> : null}
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <Button
                size="xs"
                variant="default"
                className={css.whole}
                leftSection={<IconDownload size={15} aria-hidden />}
                aria-keyshortcuts="e d"
                disabled={board === null}
              >
                {t('leaderboard.export')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                disabled={board === null || board.agents.length === 0}
                rightSection={<Kbd>e</Kbd>}
                onClick={() => void props.onSave()}
              >
                {t('leaderboard.exportBoard')}
              </Menu.Item>
              <Menu.Item rightSection={<Kbd>d</Kbd>} onClick={() => void props.onSaveDeals()}>
                {t('leaderboard.exportDeals')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button
            size="xs"
            variant="default"
            className={css.whole}
            leftSection={<IconFileTypePdf size={15} aria-hidden />}
            aria-keyshortcuts="r"
            disabled={board === null}
            onClick={() => void props.onReport()}
          >
            {t('report.save')}
          </Button>
        </>
      }
      className={css.list}
    >
      <StandingsTable
        id={props.id}
        board={board}
        fair={by === 'agents' ? fair : null}
        by={by}
        group={by === 'agents' ? chosen : null}
      />
    </Panel>
  );
}
