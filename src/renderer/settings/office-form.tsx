import { Button } from '@mantine/core';
import { IconAlertTriangle, IconArrowBackUp, IconLock } from '@tabler/icons-react';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfficeSettingsView } from '../../shared/contract/system.ts';
import { useResource, useServices } from '../services.ts';
import { OfficeControl } from './office-control.tsx';
import { officeFields, officeSections, toEntry, type OfficeField } from './office-fields.ts';
import css from './settings.module.css';
import type { OfficeDraft } from './use-office-draft.ts';

interface FormProps {
  readonly view: OfficeSettingsView;
  readonly draft: OfficeDraft;
}

/** The office's settings, section by section. */
export function OfficeForm({ view, draft }: FormProps): ReactNode {
  const { t } = useTranslation();
  return officeSections.map((section) => (
    <section
      key={section}
      id={`settings-${section}`}
      className={css.section}
      aria-labelledby={`title-${section}`}
    >
      <h2 id={`title-${section}`}>{t(`settings.section.${section}.title`)}</h2>
      <p className={css.sectionText}>{t(`settings.section.${section}.text`)}</p>
      {officeFields
        .filter((spec) => spec.section === section)
        .map((spec) => (
          <Row key={spec.key} spec={spec} view={view} draft={draft} />
        ))}
    </section>
  ));
}

function Row({ spec, view, draft }: FormProps & { spec: OfficeField }): ReactNode {
  const { t } = useTranslation();
  const id = useId();
  const { key } = spec;
  const sandbox = useResource(useServices().system).data?.workspace === 'sandbox';
  const overridden = view.overridden.includes(key);
  const entry = draft.draft[key] ?? toEntry(spec, view.settings[key]);
  const problem = draft.problems[key];
  const limits = 'min' in spec.field ? { min: spec.field.min, max: spec.field.max } : { min: 0, max: 0 };
  return (
    <div className={css.row} id={`field-${key}`}>
      <div>
        <label className={css.label} htmlFor={id}>
          {t(`settings.field.${key}.label`)}
        </label>
        <p className={css.help} id={`${id}-help`}>
          {t(`settings.field.${key}.help`)}
        </p>
      </div>
      <div className={css.control}>
        <OfficeControl
          id={id}
          spec={spec}
          entry={entry}
          disabled={overridden}
          {...(problem === undefined ? {} : { error: t(`settings.problem.${problem}`, limits) })}
          onChange={(next) => draft.set(key, next)}
        />
        <Below>
          {overridden ? (
            <>
              <IconLock size={13} aria-hidden /> {t(sandbox ? 'settings.ofSandbox' : 'settings.overridden')}
            </>
          ) : null}
          {view.unreadable.includes(key) && !overridden ? (
            <>
              <IconAlertTriangle size={13} aria-hidden /> {t('settings.unreadable')}
            </>
          ) : null}
          {draft.changed.includes(key) && !draft.conflicts.includes(key) ? (
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconArrowBackUp size={13} aria-hidden />}
              onClick={() => draft.reset(key)}
            >
              {t('settings.undo')}
            </Button>
          ) : null}
        </Below>
      </div>
      {draft.conflicts.includes(key) ? <Conflict spec={spec} view={view} draft={draft} /> : null}
    </div>
  );
}

function Below({ children }: { children: ReactNode[] }): ReactNode {
  return children.every((child) => child === null) ? null : <div className={css.below}>{children}</div>;
}

/** Somebody else changed this field meanwhile: both states, and the choice. */
function Conflict({ spec, view, draft }: FormProps & { spec: OfficeField }): ReactNode {
  const { t } = useTranslation();
  const words = (entry: string | boolean | undefined): string =>
    typeof entry === 'boolean'
      ? t(entry ? 'settings.on' : 'settings.off')
      : entry === undefined || entry === ''
        ? t('settings.none')
        : entry;
  return (
    <div className={css.conflict} role="alert">
      <IconAlertTriangle size={16} aria-hidden />
      <span>
        {t('settings.conflict.theirs')} <strong>{words(toEntry(spec, view.settings[spec.key]))}</strong>
      </span>
      <span>
        {t('settings.conflict.mine')} <strong>{words(draft.draft[spec.key])}</strong>
      </span>
      <span className={css.conflictButtons}>
        <Button size="compact-xs" variant="default" onClick={() => draft.reset(spec.key)}>
          {t('settings.conflict.takeTheirs')}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => draft.keepMine(spec.key)}>
          {t('settings.conflict.keepMine')}
        </Button>
      </span>
    </div>
  );
}
