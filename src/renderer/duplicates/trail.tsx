import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DuplicateCase } from '../../shared/contract/duplicates.ts';
import { Moment, Name } from '../ui/figures.tsx';
import css from './duplicates.module.css';

/** Who did what to a case, and from where, oldest first; nothing where nobody did anything. */
export function Trail({ events }: { events: DuplicateCase['trail'] }): ReactNode {
  const { t } = useTranslation();
  if (events.length === 0) return null;
  return (
    <section className={css.trail} aria-label={t('duplicates.trail.title')}>
      <h3>{t('duplicates.trail.title')}</h3>
      <ol>
        {events.map((event) => (
          <li key={`${event.at} ${event.action}`}>
            <Moment at={event.at} />
            <span className={css.trailWhat}>
              <strong>
                <Name value={event.actor} />
              </strong>
              {` ${t(`duplicates.trail.did.${event.action}`)} `}
              <span className={css.quiet}>{t('duplicates.trail.on', { console: event.console })}</span>
              {event.note === null ? null : <q className={css.trailNote}>{event.note}</q>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
