import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '../../shared/contract/boards.ts';
import { useServices } from '../services.ts';
import { DayFields } from './day-fields.tsx';
import css from './leaderboard.module.css';

/** Chooses the period: today, the week, the month, any days, or the one before or after. */
export function PeriodBar(props: { board: BoardView | null; asked: string }): ReactNode {
  const { t } = useTranslation();
  const { leaderboard } = useServices();
  const { board } = props;
  const step = (to: 'previous' | 'next', icon: ReactNode, key: string): ReactNode => {
    const period = board?.[to] ?? null;
    return (
      <Tooltip label={`${t(`leaderboard.${to}`)} (${key})`} openDelay={400}>
        <ActionIcon
          variant="default"
          size={30}
          aria-label={t(`leaderboard.${to}`)}
          aria-keyshortcuts={key}
          disabled={period === null}
          onClick={() => period !== null && leaderboard.show(period)}
        >
          {icon}
        </ActionIcon>
      </Tooltip>
    );
  };
  return (
    <div className={css.bar}>
      {step('previous', <IconChevronLeft size={16} aria-hidden />, 'h')}
      <SegmentedControl
        size="xs"
        aria-label={t('leaderboard.period')}
        value={['today', 'week', 'month'].includes(props.asked) ? props.asked : ''}
        onChange={(period) => leaderboard.show(period)}
        data={(['today', 'week', 'month'] as const).map((value) => ({
          value,
          label: t(`leaderboard.periods.${value}`),
        }))}
      />
      {step('next', <IconChevronRight size={16} aria-hidden />, 'l')}
      <DayFields from={board?.from ?? ''} to={board?.to ?? ''} onChoose={leaderboard.show} />
    </div>
  );
}
