import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { AboutSection } from './about-section.tsx';
import { AlertsSection } from './alerts-section.tsx';
import { ArchiveSection } from './archive-section.tsx';
import { LegacySection } from './legacy-section.tsx';
import { BackupsSection } from './backups-section.tsx';
import { HttpApiSection } from './http-api-section.tsx';
import { officeSections } from './office-fields.ts';
import { OfficeForm } from './office-form.tsx';
import { OwnSection } from './own-section.tsx';
import { SaveBar } from './save-bar.tsx';
import css from './settings.module.css';
import { WallSection } from './wall-section.tsx';
import { useOfficeDraft } from './use-office-draft.ts';
import type { OfficeSettingsView } from '../../shared/contract/system.ts';

/** Settings of the office, of this console, and what program this is. */
export function SettingsScreen(): ReactNode {
  const { office } = useServices();
  const { data, failure } = useResource(office);
  if (data !== null) return <Loaded view={data} />;
  return (
    <Page>
      {failure === null ? (
        <Bones rows={8} height={52} />
      ) : (
        <ErrorState failure={failure} onRetry={() => void office.reload()} />
      )}
    </Page>
  );
}

function Loaded({ view }: { view: OfficeSettingsView }): ReactNode {
  const draft = useOfficeDraft(view);
  const save = useRef(draft.save);
  save.current = draft.save;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void save.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <Page bar={<SaveBar draft={draft} />}>
      <OfficeForm view={view} draft={draft} />
    </Page>
  );
}

function Page(props: { children: ReactNode; bar?: ReactNode }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={css.screen}>
      <div className={css.scroll}>
        <div className={css.inner}>
          <h1 className={css.heading}>{t('screens.settings')}</h1>
          <Contents />
          <div>
            {props.children}
            <BackupsSection />
            <ArchiveSection />
            <LegacySection />
            <OwnSection />
            <AlertsSection />
            <WallSection />
            <HttpApiSection />
            <AboutSection />
          </div>
        </div>
      </div>
      {props.bar}
    </div>
  );
}

function Contents(): ReactNode {
  const { t } = useTranslation();
  const jump = (id: string, label: string): ReactNode => (
    <button
      key={id}
      type="button"
      onClick={() => document.getElementById(`settings-${id}`)?.scrollIntoView({ block: 'start' })}
    >
      {label}
    </button>
  );
  return (
    <nav className={css.toc} aria-label={t('settings.contents')}>
      <div className={css.tocGroup}>{t('settings.office')}</div>
      {officeSections.map((section) => jump(section, t(`settings.section.${section}.title`)))}
      {jump('backups', t('backups.title'))}
      {jump('archive', t('archive.title'))}
      {jump('legacy', t('legacy.title'))}
      <div className={css.tocGroup}>{t('settings.here')}</div>
      {jump('own', t('own.title'))}
      {jump('alerts', t('alerts.title'))}
      {jump('wall', t('wallWindow.title'))}
      {jump('http', t('httpApi.title'))}
      {jump('about', t('about.title'))}
    </nav>
  );
}
