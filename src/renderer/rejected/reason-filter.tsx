import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';
import { Chips } from '../ui/chips.tsx';
import { Count } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { Shelf } from './rejected-store.ts';
import { useRejectedWords } from './rejected-words.ts';

/** No reason has an empty name. */
const everything = '';

/** One reason or all of them, each with how many it has. */
export function ReasonFilter({ shelf }: { shelf: Shelf | null }): ReactNode {
  const { t } = useTranslation();
  const { rejected } = useServices();
  const format = useFormat();
  const words = useRejectedWords();
  const chosen = useStore(rejected.filter, (state) => state.reason);
  if (shelf === null || shelf.total === 0) return <div />;
  const counts = new Map(shelf.reasons.map(({ reason, count }) => [reason, count]));
  return (
    <Chips
      label={t('rejected.reasons')}
      names={[everything, ...counts.keys()]}
      chosen={chosen ?? everything}
      onChoose={(reason) => rejected.ask({ reason: reason === everything ? null : reason })}
    >
      {(reason) => (
        <>
          {reason === everything ? t('rejected.all') : words.why(reason)}{' '}
          <Count>{format.number(counts.get(reason) ?? shelf.total)}</Count>
        </>
      )}
    </Chips>
  );
}
