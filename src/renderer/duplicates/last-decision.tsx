import { Button } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconClockUp, IconLoader2 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { StateWord } from '../ui/state-word.tsx';
import css from './duplicates.module.css';
import type { Decided } from './decisions.ts';

const icons = {
  sending: IconLoader2,
  undoing: IconLoader2,
  done: IconCheck,
  queued: IconClockUp,
  undone: IconArrowBackUp,
} as const;
/** What a decision makes of a case. */
const resolutions = {
  approve: 'approved',
  replace: 'replaced',
  merge: 'merged',
  reject: 'rejected',
} as const;
const tones = { sending: 'quiet', undoing: 'quiet', done: 'ok', queued: 'plain', undone: 'quiet' } as const;

/** The newest decision of this window and the way back; always in the same place, so that nothing jumps. */
export function LastDecision({ onUndo }: { onUndo: () => void }): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const last = useStore(queue.decisions, (state) => state.last);
  const canUndo = useStore(queue.decisions, (state) => state.done.some((one) => one.state !== 'undoing'));
  return (
    <div className={css.last}>
      <span role="status" className={css.lastWords}>
        {last === null ? null : <Words last={last} />}
      </span>
      {canUndo ? (
        <Button
          size="compact-sm"
          variant="subtle"
          rightSection={<KeyHint>u</KeyHint>}
          aria-keyshortcuts="u"
          onClick={() => {
            void queue.undo();
            onUndo();
          }}
        >
          {t('duplicates.undo')}
        </Button>
      ) : null}
    </div>
  );
}

function Words({ last }: { last: Decided }): ReactNode {
  const { t } = useTranslation();
  const words = t(`duplicates.last.${last.state}`, {
    id: last.duplicate.lead_id,
    action: t(`duplicates.action.${last.action}`),
    decided: t(`duplicates.resolution.${resolutions[last.action]}`).toLocaleLowerCase(),
  });
  return (
    <StateWord tone={tones[last.state]} icon={icons[last.state]} title={words}>
      {words}
    </StateWord>
  );
}
