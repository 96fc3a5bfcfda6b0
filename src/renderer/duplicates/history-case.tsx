import { Button } from '@mantine/core';
import { IconHandClick } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../services.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment, Name } from '../ui/figures.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { Comparison } from './comparison.tsx';
import css from './duplicates.module.css';
import { Resolution } from './resolution.tsx';
import { Trail } from './trail.tsx';

/** A closed case: how it was closed, both sides as they were, what happened, and the way back. */
export function HistoryCase({ onUndo }: { onUndo: () => void }): ReactNode {
  const { t } = useTranslation();
  const { history } = useServices();
  const chosen = useStore(history, (state) => state.chosen);
  const trail = useStore(history.shown, (state) => state.data?.trail) ?? [];
  if (chosen === null) {
    return (
      <Panel title={t('duplicates.nothingChosen')} className={css.case}>
        <EmptyState icon={IconHandClick} title={t('duplicates.nothingChosen')}>
          {t('duplicates.history.choose')}
        </EmptyState>
      </Panel>
    );
  }
  const undo =
    chosen.status === 'resolved' ? (
      <Button size="xs" variant="default" rightSection={<KeyHint>u</KeyHint>} onClick={onUndo}>
        {t('duplicates.history.undo')}
      </Button>
    ) : undefined;
  return (
    <Panel title={t('duplicates.lead', { id: chosen.lead_id })} side={undo} className={css.case}>
      <div className={css.pane}>
        <p className={css.closed}>
          <Resolution of={chosen} />
          {chosen.resolved_by === null ? null : <Name value={chosen.resolved_by} />}
          <span className={css.quiet}>
            <Moment at={chosen.resolved_at} />
          </span>
        </p>
        {chosen.status === 'withdrawn' ? (
          <p className={css.quiet}>{t('duplicates.history.withdrawnText')}</p>
        ) : null}
        <Comparison duplicate={chosen} existingLabel={t('duplicates.history.wasExisting')} />
        <Trail events={trail} />
      </div>
    </Panel>
  );
}
