import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { duplicatesTabs } from '../navigation.ts';
import { usePageKeys } from '../page-keys.ts';
import { useResource, useServices } from '../services.ts';
import { needsLook } from './sent-words.ts';
import { Count, Tabs } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import parts from '../ui/parts.module.css';
import css from './duplicates.module.css';
import { HistoryView } from './history-view.tsx';
import { RulesView } from './rules-view.tsx';
import { SentView } from './sent-view.tsx';
import { QueueView } from './queue-view.tsx';

/** Ids by which keys and the palette reach the list and its search. */
export interface ListIds {
  readonly list: string;
  readonly search: string;
}

/** What upstream changed about deals already on the board: to decide, and what was decided. */
export function DuplicatesScreen({ ids }: { ids: ListIds }): ReactNode {
  const { navigation } = useServices();
  const tab = useStore(navigation, (state) => state.duplicatesTab);
  usePageKeys((key) => {
    const other = key === 'h' ? 'history' : key === 'o' ? 'sent' : key === 'g' ? 'rules' : null;
    if (other === null) return false;
    navigation.openDuplicates(tab === other ? 'queue' : other);
    return true;
  }, 'screen');
  if (tab === 'rules') return <RulesView id={ids.list} title={<Title />} />;
  if (tab === 'sent') return <SentView id={ids.list} title={<Title />} />;
  return tab === 'queue' ? (
    <QueueView ids={ids} title={<Title />} />
  ) : (
    <HistoryView ids={ids} title={<Title />} />
  );
}

function Title(): ReactNode {
  const { t } = useTranslation();
  const { navigation, outbox, queue } = useServices();
  const format = useFormat();
  const tab = useStore(navigation, (state) => state.duplicatesTab);
  const sent = needsLook(useResource(outbox).data ?? []);
  const waiting = useStore(queue.list.rows, (state) => state.extra);
  return (
    <div className={css.title}>
      <h1 className={parts.heading}>{t('screens.duplicates')}</h1>
      <Tabs
        label={t('screens.duplicates')}
        names={duplicatesTabs}
        chosen={tab}
        onChoose={(name) => navigation.openDuplicates(name)}
      >
        {(name) => (
          <>
            {t(`duplicates.tabs.${name}`)}
            {name === 'queue' && waiting !== null ? <Count>{format.number(waiting)}</Count> : null}
            {name === 'sent' && sent > 0 ? <Count>{format.number(sent)}</Count> : null}
          </>
        )}
      </Tabs>
    </div>
  );
}
