import { Button } from '@mantine/core';
import { IconFileZip, IconFolder } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useResource, useServices } from '../services.ts';
import css from './settings.module.css';
import { useOpenLogFolder } from './use-open-log-folder.ts';

/** Which program this is, what it is connected to, and where its files are. */
export function AboutSection(): ReactNode {
  const { t } = useTranslation();
  const { system, navigation } = useServices();
  const { data } = useResource(system);
  const openLogFolder = useOpenLogFolder();
  const rows: ReadonlyArray<readonly [string, string]> =
    data === null
      ? []
      : [
          [t('about.version'), data.version],
          [t('about.workspace'), t(`frame.workspace.${data.workspace}`)],
          [t('about.operator'), data.operator],
          [t('about.database'), `${data.database.label} (${t(`about.kind.${data.database.kind}`)})`],
          [t('about.dataFolder'), data.data_folder],
        ];
  return (
    <section id="settings-about" className={css.section} aria-labelledby="title-about">
      <h2 id="title-about">{t('about.title')}</h2>
      <p className={css.sectionText}>{t('about.text')}</p>
      <dl className={css.about}>
        {rows.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd title={value}>{value}</dd>
            <span />
          </div>
        ))}
        <dt>{t('about.logFolder')}</dt>
        <dd title={data?.log_folder}>{data?.log_folder ?? '–'}</dd>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconFolder size={14} aria-hidden />}
          onClick={() => void openLogFolder()}
        >
          {t('actions.openLogFolder')}
        </Button>
        <dt>{t('diagnostics.title')}</dt>
        <dd>{t('diagnostics.short')}</dd>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconFileZip size={14} aria-hidden />}
          onClick={() => navigation.setState({ diagnosticsShown: true })}
        >
          {t('diagnostics.open')}
        </Button>
      </dl>
    </section>
  );
}
