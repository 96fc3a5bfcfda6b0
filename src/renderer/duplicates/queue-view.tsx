import { Button } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { useServices } from '../services.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import { CasePane } from './case-pane.tsx';
import { DecisionBar } from './decision-bar.tsx';
import css from './duplicates.module.css';
import type { ListIds } from './duplicates-screen.tsx';
import { QueueList } from './queue-list.tsx';
import { RefusalList } from './refusal-list.tsx';
import { useClaim } from './use-claim.ts';
import { noteId, useQueueKeys } from './use-queue-keys.ts';

/** The queue: list, comparison and the bar that decides. */
export function QueueView({ ids, title }: { ids: ListIds; title: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const search = useStore(queue, (state) => state.search);
  const chosen = useStore(queue, (state) => state.chosen);
  const [like, setLike] = useState<PendingDuplicate | null>(null);
  const startBulk = (): void => setLike(queue.getState().chosen);
  useQueueKeys(startBulk);
  useClaim();
  useListFocus(
    ids.list,
    useStore(queue.list.rows, (state) => state.rows.length > 0),
  );
  return (
    <div className={css.screen}>
      <div className={css.head}>
        {title}
        <div className={css.tools}>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconStack2 size={15} aria-hidden />}
            rightSection={<KeyHint>l</KeyHint>}
            title={t('duplicates.bulk.openTitle')}
            disabled={chosen === null}
            onClick={startBulk}
          >
            {t('duplicates.bulk.open')}
          </Button>
        </div>
      </div>
      <div className={css.body}>
        <Panel
          title={t('duplicates.tabs.queue')}
          side={<Shown />}
          head={
            <div className={css.searchHead}>
              <SearchField
                id={ids.search}
                listId={ids.list}
                label={t('duplicates.search')}
                value={search}
                onSearch={queue.setSearch}
                width="100%"
              />
            </div>
          }
        >
          <div className={css.listColumn}>
            <RefusalList />
            <QueueList id={ids.list} />
          </div>
        </Panel>
        <CasePane noteId={noteId} />
      </div>
      <DecisionBar listId={ids.list} />
      {like === null ? null : <BulkDialog like={like} onClose={() => setLike(null)} />}
    </div>
  );
}

/** How many of the queue the search shows. */
function Shown(): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const format = useFormat();
  const count = useStore(queue.list.rows, (state) => state.count);
  const all = useStore(queue.list.rows, (state) => state.extra);
  const search = useStore(queue, (state) => state.search);
  if (count === null || all === null || search === '') return null;
  return (
    <span className={css.quiet}>
      {t('duplicates.shownOf', { shown: format.number(count), number: format.number(all) })}
    </span>
  );
}
