import { IconAlertTriangle, IconDatabaseExport } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupFile } from '../../shared/contract/backups.ts';
import { useFromClock } from '../office-clock.ts';
import { useServices } from '../services.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import css from './backups.module.css';

const kindKeys = { daily: 'daily', manual: 'manual', 'before-restore': 'beforeRestore' } as const;

/** The files, newest first, with their age and size; one that cannot be read says so. */
export function BackupList({ backups }: { backups: readonly BackupFile[] }): ReactNode {
  const { t } = useTranslation();
  if (backups.length === 0) {
    return (
      <div className={css.none}>
        <EmptyState icon={IconDatabaseExport} title={t('backups.none')}>
          {t('backups.noneText')}
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={css.scroll} role="region" aria-label={t('backups.table')}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('backups.column.made')}</th>
            <th scope="col">{t('backups.column.kind')}</th>
            <th scope="col" className={css.number}>
              {t('backups.column.rows')}
            </th>
            <th scope="col" className={css.number}>
              {t('backups.column.size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {backups.map((backup) => (
            <Row key={backup.file} backup={backup} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ backup }: { backup: BackupFile }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { clock } = useServices();
  const made = Date.parse(backup.created_at);
  const age = useFromClock(clock, (now) => t('backups.age', { span: format.span(now - made) }));
  return (
    <tr title={backup.file}>
      <td>
        {format.stamp(backup.created_at)} <span className={css.dim}>{age}</span>
      </td>
      <td>{t(`backups.kind.${kindKeys[backup.kind]}`)}</td>
      <td className={css.number}>
        {backup.rows === null ? (
          <StateWord tone="bad" icon={IconAlertTriangle}>
            {t('backups.damaged')}
          </StateWord>
        ) : (
          format.number(backup.rows)
        )}
      </td>
      <td className={css.number}>{format.megabytes(backup.bytes)}</td>
    </tr>
  );
}
