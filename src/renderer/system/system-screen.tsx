import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { systemTabs } from '../navigation.ts';
import { useServices } from '../services.ts';
import parts from '../ui/parts.module.css';
import { Tabs } from '../ui/tabs.tsx';
import { LogView } from './log-view.tsx';
import { ModeView } from './mode-view.tsx';
import { PerformanceView } from './performance-view.tsx';
import { SchedulesView } from './schedules-view.tsx';
import css from './system.module.css';

/** How the program works here: its mode and its processes, what runs by itself, how fast it all is, and its log. */
export function SystemScreen({ ids }: { ids: { list: string; search: string } }): ReactNode {
  const id = ids.list;
  const { t } = useTranslation();
  const { navigation } = useServices();
  const tab = useStore(navigation, (state) => state.systemTab);
  return (
    <div className={css.screen}>
      <div className={css.head}>
        <h1 className={parts.heading}>{t('screens.system')}</h1>
        <Tabs
          label={t('screens.system')}
          names={systemTabs}
          chosen={tab}
          onChoose={(name) => navigation.openSystem(name)}
        >
          {(name) => t(`system.tabs.${name}`)}
        </Tabs>
      </div>
      {tab === 'mode' ? (
        <ModeView id={id} />
      ) : tab === 'schedules' ? (
        <SchedulesView id={id} />
      ) : tab === 'performance' ? (
        <PerformanceView id={id} />
      ) : (
        <LogView ids={ids} />
      )}
    </div>
  );
}
