import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LegacyCounts } from '../../shared/contract/legacy.ts';
import { useFormat } from '../ui/use-format.ts';
import css from './backups.module.css';
import type { LegacyEnded } from './legacy-store.ts';

/** Conflicts shown; the number says how many there are. */
const mostShown = 20;

/** What an import did, or a rehearsal said it would: counts, conflicts and rejects with their reasons. */
export function LegacyResult({ ended }: { ended: LegacyEnded }): ReactNode {
  const { t } = useTranslation();
  const { counts, outcome, message } = ended;
  if (counts === null) {
    return (
      <div className={css.result} role="status">
        <strong>{outcome === 'cancelled' ? t('legacy.cancelled') : t('legacy.failed')}</strong>
        {message === null ? null : <p>{message}</p>}
      </div>
    );
  }
  return (
    <div className={css.result} role="status">
      <strong>{t(ended.dry_run ? 'legacy.rehearsed' : 'legacy.done')}</strong>
      <Counts counts={counts} />
      {counts.missing.map((file) => (
        <p key={file}>{t('legacy.missing', { file })}</p>
      ))}
      <Rejects counts={counts} />
      <Conflicts counts={counts} />
    </div>
  );
}

function Counts({ counts }: { counts: LegacyCounts }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = ['read', 'inserted', 'known', 'conflicts', 'rejected'] as const;
  const rows = { deals: counts.deals, sms: { ...counts.sms, conflicts: 0 } };
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">{t('legacy.column.what')}</th>
          {columns.map((column) => (
            <th key={column} scope="col" className={css.number}>
              {t(`legacy.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(['deals', 'sms'] as const).map((kind) => (
          <tr key={kind}>
            <th scope="row">{t(`legacy.row.${kind}`)}</th>
            {columns.map((column) => (
              <td key={column} className={css.number}>
                {kind === 'sms' && column === 'conflicts' ? '–' : format.number(rows[kind][column])}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Rejects({ counts }: { counts: LegacyCounts }): ReactNode {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const all = (['deals', 'sms'] as const).flatMap((kind) =>
    counts.rejects[kind].map((one) => ({ ...one, kind })),
  );
  if (all.length === 0) return null;
  return (
    <section aria-label={t('legacy.rejects')}>
      <h3>{t('legacy.rejects')}</h3>
      <ul>
        {all.map(({ kind, reason, count, examples }) => (
          <li key={`${kind} ${reason}`}>
            {t(`legacy.row.${kind}`)}: {reasonWords(reason, t, i18n.exists)} ({format.number(count)}){' '}
            <bdi className={css.dim}>
              {examples
                .map(({ key, detail }) => [key ?? t('legacy.withoutId'), detail].filter(Boolean).join(' '))
                .join(', ')}
            </bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}

function reasonWords(reason: string, t: TFunction, exists: (key: string) => boolean): string {
  if (reason === 'too-long') return t('legacy.reject.too-long');
  const key = `rejected.reason.${reason}`;
  return exists(key) ? t(key as 'rejected.reason.status') : reason;
}

function Conflicts({ counts }: { counts: LegacyCounts }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = counts.conflicts.slice(0, mostShown);
  if (shown.length === 0) return null;
  const more = counts.deals.conflicts - shown.length;
  return (
    <section aria-label={t('legacy.conflicts')}>
      <h3>{t('legacy.conflicts')}</h3>
      <ul>
        {shown.map(({ lead_id: id, order_date: at, why }) => (
          <li key={`${id} ${at}`}>
            {t('legacy.lead', { id, when: `${format.isoDay(at)} ${format.time(at)}` })}:{' '}
            {t(`legacy.conflict.${why}`)}
          </li>
        ))}
        {more > 0 ? <li>{t('legacy.conflictMore', { count: more, number: format.number(more) })}</li> : null}
      </ul>
    </section>
  );
}
