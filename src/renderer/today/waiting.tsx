import { IconChevronRight, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { screens, waitingKinds, type WaitingKind } from '../navigation.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Age } from '../ui/figures.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useWaitingCounts } from '../waiting-counts.ts';
import css from './today.module.css';

/** What waits for a person, in a line each; a line leads to the screen where it is decided. */
export function Waiting({ id }: { id: string }): ReactNode {
  const { t } = useTranslation();
  const { navigation } = useServices();
  const format = useFormat();
  const counts = useWaitingCounts();
  const since = useOldest();
  if (waitingKinds.some((kind) => counts[kind] === null)) return <Bones rows={3} height={64} />;
  const kinds = waitingKinds.filter((kind) => (counts[kind] ?? 0) > 0);
  if (kinds.length === 0) return <EmptyState icon={IconCircleCheck} title={t('duplicates.empty')} />;
  return (
    <ul id={id} tabIndex={-1} className={css.waiting}>
      {kinds.map((kind) => (
        <li key={kind}>
          <button type="button" className={css.waitingKind} onClick={() => navigation.go(kind)}>
            <span className={css.waitingCount}>{format.number(counts[kind] ?? 0)}</span>
            <span className={css.waitingWords}>
              <strong>{t(`waiting.kinds.${kind}`)}</strong>
              <span>
                {t(`waiting.text.${kind}`)}
                {since[kind] === null ? null : (
                  <>
                    {' '}
                    ({t('waiting.oldest')} <Age at={since[kind]} short />)
                  </>
                )}
              </span>
            </span>
            <KeyHint>{screens.indexOf(kind) + 1}</KeyHint>
            <IconChevronRight size={18} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Since when the oldest of each kind waits, where that is at hand. */
function useOldest(): Readonly<Record<WaitingKind, string | null>> {
  const { queue, held } = useServices();
  const search = useStore(queue, (state) => state.search);
  const first = useStore(queue.list.rows, (state) => state.rows[0]?.detected_at ?? null);
  const hold = useResource(held).data?.at(-1)?.held_at ?? null;
  return { duplicates: search === '' ? first : null, held: hold, rejected: null };
}
