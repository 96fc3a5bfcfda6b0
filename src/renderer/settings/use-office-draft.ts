import { notifications } from '@mantine/notifications';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OfficeSettingsView } from '../../shared/contract/system.ts';
import { failureOf, type Failure } from '../failure.ts';
import { useResource, useServices } from '../services.ts';
import {
  findConflicts,
  readDraft,
  type Draft,
  type Entry,
  type OfficeKey,
  type Problem,
} from './office-fields.ts';

export interface OfficeDraft {
  readonly draft: Draft;
  readonly changed: readonly OfficeKey[];
  readonly problems: Readonly<Partial<Record<OfficeKey, Problem>>>;
  /** Fields that somebody else changed while they were edited here. */
  readonly conflicts: readonly OfficeKey[];
  readonly saving: boolean;
  readonly failure: Failure | null;
  set(key: OfficeKey, entry: Entry): void;
  /** Puts a field back to what is stored. */
  reset(key: OfficeKey): void;
  /** In a conflict: keeps what was entered here. */
  keepMine(key: OfficeKey): void;
  discard(): void;
  save(): Promise<void>;
}

/** One at a time, and gone as soon as something is edited again. */
const savedNotice = 'settings-saved';

/** Edits of the office's settings until they are saved or let go. A save names the version it was made on. */
export function useOfficeDraft(view: OfficeSettingsView): OfficeDraft {
  const { api, office, navigation } = useServices();
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Draft>({});
  const [base, setBase] = useState(view);
  const [saving, setSaving] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { patch, problems, changed } = readDraft(draft, view.settings);
  const conflicts = findConflicts(draft, base.settings, view.settings);
  const dirty = changed.length > 0;

  // What others changed is taken over at once, except in fields edited here: those are asked about.
  useEffect(() => {
    if (!dirty && base !== view) setBase(view);
  }, [dirty, base, view]);
  useEffect(() => {
    navigation.setState({ unsaved: dirty });
    return () => navigation.setState({ unsaved: false });
  }, [dirty, navigation]);

  const without = (key: OfficeKey): Draft => {
    const { [key]: _gone, ...others } = draft;
    return others;
  };
  const letGo = (): void => {
    setDraft({});
    setFailure(null);
  };

  async function save(): Promise<void> {
    if (!dirty || saving || Object.keys(problems).length > 0 || conflicts.length > 0) return;
    setSaving(true);
    setFailure(null);
    try {
      const saved = await (await api.client()).system.changeOfficeSettings({ patch, version: view.version });
      office.setState({ data: saved });
      setBase(saved);
      letGo();
      notifications.show({ id: savedNotice, message: t('settings.saved'), color: 'green' });
    } catch (error) {
      setFailure(failureOf(error));
      await office.reload();
    } finally {
      setSaving(false);
    }
  }

  return {
    draft,
    changed,
    problems,
    conflicts,
    saving,
    failure,
    set: (key, entry) => {
      notifications.hide(savedNotice);
      setDraft({ ...draft, [key]: entry });
    },
    reset: (key) => setDraft(without(key)),
    keepMine: (key) => setBase({ ...base, settings: { ...base.settings, [key]: view.settings[key] } }),
    discard: letGo,
    save,
  };
}

/** The office's settings as stored, for parts that only read. */
export function useOffice(): OfficeSettingsView | null {
  return useResource(useServices().office).data;
}
