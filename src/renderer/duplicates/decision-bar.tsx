import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { duplicateAction } from '../../shared/contract/duplicates.ts';
import { useServices } from '../services.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { actionKeys } from './action-keys.ts';
import css from './duplicates.module.css';
import { LastDecision } from './last-decision.tsx';
import { isClosed } from './queue-store.ts';

/** The bar at the bottom: what was decided last, and what can be decided now, each with its key. */
export function DecisionBar({ listId }: { listId: string }): ReactNode {
  const { queue } = useServices();
  const merging = useStore(queue, (state) => state.merging);
  /** The focus leaves the button, so that Enter means the next case and not the same decision once more. */
  const toList = (): void => document.getElementById(listId)?.focus({ preventScroll: true });
  return (
    <div className={css.bar} data-save-bar>
      <LastDecision onUndo={toList} />
      {merging === null ? <Actions onDone={toList} /> : <MergeActions onDone={toList} />}
    </div>
  );
}

function Actions({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const chosen = useStore(queue, (state) => state.chosen);
  const shown = useStore(queue.shown, (state) => state.data);
  const nothing = chosen === null || isClosed(chosen, shown);
  return (
    <div className={css.actions}>
      {duplicateAction.options.map((action) => (
        <Button
          key={action}
          size="sm"
          variant="default"
          rightSection={<KeyHint>{actionKeys[action]}</KeyHint>}
          title={t(`duplicates.means.${action}`)}
          aria-keyshortcuts={actionKeys[action]}
          disabled={nothing || (action === 'merge' && chosen.existing === null)}
          onClick={() => {
            if (action === 'merge') queue.startMerge();
            else void queue.decide(action);
            onDone();
          }}
        >
          {t(`duplicates.action.${action}`)}
        </Button>
      ))}
      <Button
        size="sm"
        variant="subtle"
        rightSection={<KeyHint>Enter</KeyHint>}
        disabled={chosen === null}
        onClick={() => {
          queue.next();
          onDone();
        }}
      >
        {t('duplicates.next')}
      </Button>
    </div>
  );
}

function MergeActions({ onDone }: { onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const fields = useStore(queue, (state) => state.merging) ?? [];
  const words = fields.map((field) => t(`duplicates.field.${field}`).toLocaleLowerCase()).join(', ');
  return (
    <div className={css.actions}>
      <span className={css.merging} role="status">
        {fields.length === 0 ? (
          <StateWord tone="warn" icon={IconAlertTriangle}>
            {t('duplicates.merge.none')}
          </StateWord>
        ) : (
          `${t('duplicates.merge.choose')}: ${words}`
        )}
      </span>
      <Button
        size="sm"
        rightSection={<KeyHint>Enter</KeyHint>}
        disabled={fields.length === 0}
        onClick={() => {
          void queue.decide('merge', fields);
          onDone();
        }}
      >
        {t('duplicates.merge.confirm')}
      </Button>
      <Button
        size="sm"
        variant="default"
        rightSection={<KeyHint>Esc</KeyHint>}
        onClick={() => {
          queue.cancelMerge();
          onDone();
        }}
      >
        {t('actions.cancel')}
      </Button>
    </div>
  );
}
