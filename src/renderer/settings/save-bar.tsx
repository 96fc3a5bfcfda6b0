import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { StateWord } from '../ui/state-word.tsx';
import css from './settings.module.css';
import type { OfficeKey } from './office-fields.ts';
import type { OfficeDraft } from './use-office-draft.ts';

/** Brings a field into view and gives it the focus. */
function showField(key: OfficeKey): void {
  const row = document.getElementById(`field-${key}`);
  row?.scrollIntoView({ block: 'center' });
  row?.querySelector<HTMLElement>('input, button')?.focus({ preventScroll: true });
}

/** Shown only while something is unsaved: how much, what hinders, and the two ways out. */
export function SaveBar({ draft }: { draft: OfficeDraft }): ReactNode {
  const { t } = useTranslation();
  if (draft.changed.length === 0) return null;
  const problems = Object.keys(draft.problems).length;
  const first = draft.conflicts[0] ?? (Object.keys(draft.problems)[0] as OfficeKey | undefined);
  const hindered = problems > 0 || draft.conflicts.length > 0;
  return (
    <div className={css.saveBar} data-save-bar role="region" aria-label={t('settings.unsavedRegion')}>
      <div aria-live="polite">
        {draft.conflicts.length > 0 ? (
          <StateWord tone="warn" icon={IconAlertTriangle}>
            {t('settings.conflict.bar', { count: draft.conflicts.length })}
          </StateWord>
        ) : problems > 0 ? (
          <StateWord tone="bad" icon={IconAlertTriangle}>
            {t('settings.problems', { count: problems })}
          </StateWord>
        ) : draft.failure !== null ? (
          <StateWord
            tone="bad"
            icon={IconAlertTriangle}
            {...(draft.failure.message === null ? {} : { title: draft.failure.message })}
          >
            {draft.failure.code === 'CONFLICT'
              ? t('settings.conflict.merged')
              : t(`errors.${draft.failure.code}.title`)}
          </StateWord>
        ) : (
          t('settings.unsaved', { count: draft.changed.length })
        )}
      </div>
      {first === undefined ? null : (
        <Button size="compact-xs" variant="default" onClick={() => showField(first)}>
          {t('settings.showField')}
        </Button>
      )}
      <div className={css.saveButtons}>
        <Button size="xs" variant="default" onClick={draft.discard} disabled={draft.saving}>
          {t('settings.discard')}
        </Button>
        <Button size="xs" onClick={() => void draft.save()} loading={draft.saving} disabled={hindered}>
          {t('settings.save')}
        </Button>
      </div>
    </div>
  );
}
