import { Button } from '@mantine/core';
import { IconCopy, IconHandClick } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../../shared/contract/log.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Panel } from '../ui/panel.tsx';
import parts from '../ui/parts.module.css';
import { useFormat } from '../ui/use-format.ts';
import { LevelWord } from './log-columns.tsx';
import css from './log.module.css';

/** All of one line, as it stands in the file; or that none is chosen. */
export function LogCase({
  line,
  onCopy,
}: {
  line: LogLine | null;
  onCopy: (text: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (line === null)
    return (
      <Panel title={t('log.details')}>
        <EmptyState icon={IconHandClick} title={t('log.nothingChosen')}>
          {t('log.choose')}
        </EmptyState>
      </Panel>
    );
  return (
    <Panel
      title={t('log.details')}
      side={
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconCopy size={14} aria-hidden />}
          onClick={() => onCopy(line.raw)}
        >
          {t('log.copyLine')}
        </Button>
      }
    >
      <div className={parts.case}>
        <LevelWord line={line} />
        <p className={parts.caseTitle}>
          <bdi>{line.damaged ? t('log.damagedTitle') : line.message}</bdi>
        </p>
        {line.damaged ? <p className={css.quiet}>{t('log.damagedText')}</p> : null}
        <dl className={parts.facts}>
          {line.at === null ? null : (
            <>
              <dt>{t('log.when')}</dt>
              <dd>{format.stampWithSeconds(line.at)}</dd>
            </>
          )}
          {line.part === null ? null : (
            <>
              <dt>{t('log.part')}</dt>
              <dd>{line.part}</dd>
            </>
          )}
        </dl>
        <pre className={css.raw} aria-label={t('log.asWritten')}>
          {pretty(line.raw)}
        </pre>
      </div>
    </Panel>
  );
}

/** One field a line, with the lines of a stack below each other; what is no JSON stays as it is. */
export function pretty(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2).replaceAll(String.raw`\n`, '\n    ');
  } catch {
    return raw;
  }
}
