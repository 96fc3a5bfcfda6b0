import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './settings.module.css';
import { useConsoleSettings } from './use-console-settings.ts';

/** Language and theme of this console alone; they take effect at once. */
export function OwnSection(): ReactNode {
  const { t } = useTranslation();
  const { settings, change } = useConsoleSettings();
  return (
    <section id="settings-own" className={css.section} aria-labelledby="title-own">
      <h2 id="title-own">{t('own.title')}</h2>
      <p className={css.sectionText}>{t('own.text')}</p>
      <div className={css.row}>
        <div className={css.label}>{t('own.language.label')}</div>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t('own.language.label')}
          value={settings.language}
          data={[
            { value: 'system', label: t('own.language.system') },
            { value: 'sv', label: 'Svenska' },
            { value: 'en', label: 'English' },
          ]}
          onChange={(language) => void change({ language })}
        />
      </div>
      <div className={css.row}>
        <div className={css.label}>{t('own.theme.label')}</div>
        <SegmentedControl
          size="xs"
          fullWidth
          aria-label={t('own.theme.label')}
          value={settings.theme}
          data={(['system', 'light', 'dark'] as const).map((value) => ({
            value,
            label: t(`own.theme.${value}`),
          }))}
          onChange={(theme) => void change({ theme })}
        />
      </div>
    </section>
  );
}
