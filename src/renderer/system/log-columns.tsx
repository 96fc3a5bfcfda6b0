import { IconAlertTriangle, IconBug, IconCircleX, IconFileAlert, IconInfoCircle } from '@tabler/icons-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine, LogLineLevel } from '../../shared/contract/log.ts';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Column } from '../ui/virtual-table.tsx';
import css from './log.module.css';

const look: Readonly<Record<LogLineLevel | 'damaged', { tone: Tone; icon: typeof IconInfoCircle }>> = {
  debug: { tone: 'quiet', icon: IconBug },
  info: { tone: 'quiet', icon: IconInfoCircle },
  warn: { tone: 'warn', icon: IconAlertTriangle },
  error: { tone: 'bad', icon: IconCircleX },
  damaged: { tone: 'warn', icon: IconFileAlert },
};

/** How grave a line is, as icon and word; a damaged one says that it is. */
export function LevelWord({ line }: { line: LogLine }): ReactNode {
  const { t } = useTranslation();
  const level = line.level ?? 'damaged';
  const { tone, icon } = look[level];
  return (
    <StateWord tone={tone} icon={icon}>
      {t(`log.level.${level}`)}
    </StateWord>
  );
}

/** When, how grave, which part, and what it says. */
export function useLogColumns(): readonly Column<LogLine>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(
    () => [
      {
        key: 'when',
        label: t('log.when'),
        width: '116px',
        cell: ({ at }) => <span className={css.mono}>{at === null ? '' : format.stampWithSeconds(at)}</span>,
      },
      { key: 'level', label: t('log.levelLabel'), width: '88px', cell: (line) => <LevelWord line={line} /> },
      {
        key: 'part',
        label: t('log.part'),
        width: '104px',
        cell: ({ part }) => <span title={part ?? undefined}>{part}</span>,
      },
      {
        key: 'message',
        label: t('log.message'),
        width: 'minmax(0, 1fr)',
        cell: ({ message, fields, damaged }) => (
          <bdi className={damaged ? css.mono : undefined} title={`${message} ${fields}`.trim()}>
            {message}
            {fields === '' ? null : <span className={css.fields}> {fields}</span>}
          </bdi>
        ),
      },
    ],
    [t, format],
  );
}
