import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { accountsTabs } from '../navigation.ts';
import { useResource, useServices } from '../services.ts';
import parts from '../ui/parts.module.css';
import { SearchField } from '../ui/search-field.tsx';
import { Count, Tabs } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import { AccountList } from './account-list.tsx';
import { ListView } from './list-view.tsx';
import { NewAccount } from './new-account.tsx';
import { RequestList } from './request-list.tsx';
import { TasksView } from './tasks-view.tsx';
import css from './accounts.module.css';

/** Accounts of the directory: those made, one more, a whole list, what is asked for, and the tasks that make them. */
export function AccountsScreen({ ids }: { ids: { list: string; search: string } }): ReactNode {
  const { t } = useTranslation();
  const { accounts, navigation } = useServices();
  const tab = useStore(navigation, (state) => state.accountsTab);
  const search = useStore(accounts, (state) => state.search);
  useEffect(() => accounts.open(), [accounts]);
  return (
    <div className={css.screen}>
      <div className={css.head}>
        <div className={css.headStart}>
          <h1 className={parts.heading}>{t('screens.accounts')}</h1>
          <Head />
        </div>
        {tab === 'accounts' ? (
          <SearchField
            id={ids.search}
            listId={ids.list}
            label={t('accounts.search')}
            value={search}
            onSearch={accounts.ask}
          />
        ) : null}
      </div>
      {tab === 'accounts' ? (
        <div className={css.body}>
          <AccountList id={ids.list} />
          <NewAccount />
        </div>
      ) : tab === 'list' ? (
        <ListView id={ids.list} />
      ) : tab === 'requests' ? (
        <RequestList id={ids.list} />
      ) : (
        <TasksView id={ids.list} />
      )}
    </div>
  );
}

function Head(): ReactNode {
  const { t } = useTranslation();
  const { accounts, navigation, tasks } = useServices();
  const format = useFormat();
  const tab = useStore(navigation, (state) => state.accountsTab);
  const parked = useResource(tasks).data?.counts.parked ?? 0;
  const requested = useResource(accounts.requests).data?.count ?? 0;
  const kept = useResource(accounts.kept).data?.filter(({ state }) => state === 'waiting').length ?? 0;
  const counts = { accounts: 0, list: 0, requests: requested + kept, tasks: parked };
  return (
    <Tabs
      label={t('screens.accounts')}
      names={accountsTabs}
      chosen={tab}
      onChoose={(name) => navigation.openAccounts(name)}
    >
      {(name) => (
        <>
          {t(`accounts.tabs.${name}`)}
          {counts[name] > 0 ? <Count>{format.number(counts[name])}</Count> : null}
        </>
      )}
    </Tabs>
  );
}
