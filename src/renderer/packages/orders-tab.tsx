import { Button } from '@mantine/core';
import {
  IconCircleCheck,
  IconCircleX,
  IconHandClick,
  IconHelpCircle,
  IconHourglass,
  IconShoppingCart,
  IconUserQuestion,
  type Icon,
} from '@tabler/icons-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { OrderState, PackageOrder } from '../../shared/contract/package-orders.ts';
import { useServices } from '../services.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Moment, Name } from '../ui/figures.tsx';
import { RowCount, useChosen } from '../ui/paged-list.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord, type Tone } from '../ui/state-word.tsx';
import type { Column } from '../ui/virtual-table.tsx';
import parts from '../ui/parts.module.css';
import { FilterBar } from './filter-bar.tsx';
import { ListRows } from './list-rows.tsx';
import { OrderButton } from './order-dialog.tsx';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import type { ListIds } from './packages-screen.tsx';
import { usePackageActions } from './use-package-actions.ts';

const states = ['all', 'needs-person', 'unknown', 'open', 'completed', 'failed'] as const;
const looks: Readonly<Record<OrderState, { icon: Icon; tone: Tone }>> = {
  open: { icon: IconHourglass, tone: 'quiet' },
  completed: { icon: IconCircleCheck, tone: 'ok' },
  failed: { icon: IconCircleX, tone: 'bad' },
  'needs-person': { icon: IconUserQuestion, tone: 'warn' },
  unknown: { icon: IconHelpCircle, tone: 'warn' },
};
const keyOf = (order: PackageOrder): string => String(order.id);

/** Every order with how it stands and each attempt; one whose outcome nobody knows can be looked up. */
export function OrdersTab({ ids }: { ids: ListIds }): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const query = useStore(packages.asked, (state) => state.orders);
  const columns = useOrderColumns();
  const { choice, chosen } = useChosen(packages.orders, keyOf);
  return (
    <div className={css.tab}>
      <FilterBar
        ids={ids}
        label={t('packages.state')}
        names={states}
        chosen={query.state ?? 'all'}
        onChoose={(state) => packages.ask('orders', { state: state === 'all' ? null : state })}
        word={(state) => (state === 'all' ? t('packages.all') : t(`packages.order.state.${state}`))}
        search={{
          label: t('packages.order.search'),
          value: query.search,
          onSearch: (search) => packages.ask('orders', { search }),
        }}
      >
        <OrderButton package={null} name={null} />
      </FilterBar>
      <div className={css.body}>
        <Panel title={t('packages.tabs.orders')} side={<RowCount store={packages.orders} />}>
          <ListRows
            id={ids.list}
            label={t('packages.tabs.orders')}
            store={packages.orders}
            columns={columns}
            rowKey={keyOf}
            choice={choice}
            filtered={query.search !== '' || query.state !== null}
            icon={IconShoppingCart}
            empty={{ title: t('packages.order.empty'), text: t('packages.order.emptyText') }}
          />
        </Panel>
        <OrderCase order={chosen} />
      </div>
    </div>
  );
}

function OrderStateWord({ state }: { state: OrderState }): ReactNode {
  const { t } = useTranslation();
  return <StateWord {...looks[state]}>{t(`packages.order.state.${state}`)}</StateWord>;
}

function useOrderColumns(): readonly Column<PackageOrder>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'at',
        label: t('packages.when'),
        width: '110px',
        cell: (order) => <Moment at={order.created_at} />,
      },
      {
        key: 'reference',
        label: t('packages.order.reference'),
        width: 'minmax(0, 0.8fr)',
        cell: (order) => <Name value={order.reference_id} />,
      },
      {
        key: 'package',
        label: t('packages.order.package'),
        width: 'minmax(0, 1.2fr)',
        cell: (order) => <Name value={order.bought_reseller_id ?? order.reseller_id} />,
      },
      {
        key: 'state',
        label: t('packages.state'),
        width: '170px',
        cell: (order) => <OrderStateWord state={order.state} />,
      },
      {
        key: 'who',
        label: t('packages.who'),
        width: '100px',
        cell: (order) => <Name value={order.actor} />,
      },
    ],
    [t],
  );
}

function OrderCase({ order }: { order: PackageOrder | null }): ReactNode {
  const { t } = useTranslation();
  if (order === null)
    return (
      <Panel title={t('packages.details')}>
        <EmptyState icon={IconHandClick} title={t('packages.nothingChosen')}>
          {t('packages.choose')}
        </EmptyState>
      </Panel>
    );
  return (
    <Panel title={t('packages.details')}>
      <div className={css.case}>
        <OrderStateWord state={order.state} />
        <h3 className={css.caseTitle}>
          <bdi>{order.reference_id}</bdi>
        </h3>
        <p>{t(`packages.order.text.${order.state}`)}</p>
        <p className={css.quiet}>
          {[order.message === 'Bought.' ? '' : order.message, order.fallback].filter(Boolean).join(' ')}
        </p>
        <OrderFacts order={order} />
        {order.state === 'unknown' || order.state === 'open' ? <LookUp order={order} /> : null}
        <StandIns order={order} />
        <Attempts order={order} />
      </div>
    </Panel>
  );
}

function OrderFacts({ order }: { order: PackageOrder }): ReactNode {
  const { t } = useTranslation();
  const words = usePackageWords();
  const iccids = order.esims.map((esim) => esim.iccid ?? esim.esim_id);
  return (
    <dl className={parts.facts}>
      <dt>{t('packages.order.asked')}</dt>
      <dd>
        <bdi>{order.reseller_id}</bdi>
      </dd>
      {order.bought_reseller_id === null ? null : (
        <>
          <dt>{t('packages.order.bought')}</dt>
          <dd>
            <bdi>{order.bought_reseller_id}</bdi>
          </dd>
        </>
      )}
      {order.total === null ? null : (
        <>
          <dt>{t('packages.cost')}</dt>
          <dd>{words.price(order.total)}</dd>
        </>
      )}
      {order.vendor_order_id === null ? null : (
        <>
          <dt>{t('packages.order.vendor')}</dt>
          <dd>{order.vendor_order_id}</dd>
        </>
      )}
      {iccids.length === 0 ? null : (
        <>
          <dt>eSIM</dt>
          <dd>{iccids.join(', ')}</dd>
        </>
      )}
    </dl>
  );
}

function LookUp({ order }: { order: PackageOrder }): ReactNode {
  const { t } = useTranslation();
  const actions = usePackageActions();
  const [running, setRunning] = useState(false);
  async function lookUp(): Promise<void> {
    setRunning(true);
    const found = await actions.attempt((calls) => calls.lookUpOrder({ reference_id: order.reference_id }));
    setRunning(false);
    if (found !== null) actions.tell(t(`packages.order.state.${found.state}`), found.message);
    actions.refresh();
  }
  return (
    <div className={css.buttons}>
      <Button
        size="xs"
        variant="default"
        loading={running}
        aria-keyshortcuts="i"
        onClick={() => void lookUp()}
      >
        {t('packages.order.lookUp')}
      </Button>
    </div>
  );
}

/** What could be bought instead; a new reference, since this one stays with what was asked. */
function StandIns({ order }: { order: PackageOrder }): ReactNode {
  const { t } = useTranslation();
  const words = usePackageWords();
  if (order.alternatives.length === 0) return null;
  return (
    <>
      <h4>{t('packages.fix.alternatives')}</h4>
      {order.alternatives.map(({ package: offered, nearness, differences }) => (
        <div key={offered.reseller_id} className={css.option}>
          <div>
            <div className={css.optionName}>
              <bdi>{offered.name}</bdi>
            </div>
            <div className={css.quiet}>{t(`packages.nearness.${nearness}`)}</div>
            <div>{words.differences(differences)}</div>
          </div>
          <OrderButton package={offered.reseller_id} name={offered.name} />
        </div>
      ))}
    </>
  );
}

function Attempts({ order }: { order: PackageOrder }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <h4>{t('packages.order.attempts')}</h4>
      <ol className={css.list}>
        {order.attempts.map((attempt) => (
          <li key={attempt.number} className={css.line}>
            <span>{t(`packages.order.kind.${attempt.kind}`)}</span>
            <span>
              {t(`packages.order.outcome.${attempt.outcome}`)}
              {attempt.status === null ? '' : ` (${attempt.status})`}
            </span>
            <span className={css.quiet}>
              <Moment at={attempt.started_at} />
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}
