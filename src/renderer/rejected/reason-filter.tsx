import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';
import { Count } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import css from './rejected.module.css';
import type { Shelf } from './rejected-store.ts';
import { useRejectedWords } from './rejected-words.ts';

/** One reason or all of them, each with how many it has. */
export function ReasonFilter({ shelf }: { shelf: Shelf | null }): ReactNode {
  const { t } = useTranslation();
  const { rejected } = useServices();
  const format = useFormat();
  const words = useRejectedWords();
  const chosen = useStore(rejected.filter, (state) => state.reason);
  if (shelf === null || shelf.total === 0) return <div />;
  const chip = (reason: string | null, label: string, count: number): ReactNode => (
    <button
      key={reason ?? ''}
      type="button"
      className={css.reason}
      aria-pressed={chosen === reason}
      onClick={() => rejected.ask({ reason })}
    >
      {label} <Count>{format.number(count)}</Count>
    </button>
  );
  return (
    <div className={css.reasons} role="group" aria-label={t('rejected.reasons')}>
      {chip(null, t('rejected.all'), shelf.total)}
      {shelf.reasons.map(({ reason, count }) => chip(reason, words.why(reason), count))}
    </div>
  );
}
