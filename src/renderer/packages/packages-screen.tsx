import { Button } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PackagesProgress } from '../../shared/contract/catalogue.ts';
import { packagesTabs, type PackagesTab } from '../navigation.ts';
import { useResource, useServices } from '../services.ts';
import { Age } from '../ui/figures.tsx';
import parts from '../ui/parts.module.css';
import { Count, Tabs } from '../ui/tabs.tsx';
import { useFormat } from '../ui/use-format.ts';
import { CatalogueTab } from './catalogue-tab.tsx';
import { DiffTab } from './diff-tab.tsx';
import { DuplicatesTab } from './duplicates-tab.tsx';
import { HealthTab } from './health-tab.tsx';
import { HeldDialog } from './held-dialog.tsx';
import { InvalidTab } from './invalid-tab.tsx';
import { MineTab } from './mine-tab.tsx';
import { OrdersTab } from './orders-tab.tsx';
import css from './packages.module.css';
import { usePackageActions } from './use-package-actions.ts';
import { usePackageKeys } from './use-package-keys.ts';

/** Ids by which keys and the palette reach the list and its search. */
export interface ListIds {
  readonly list: string;
  readonly search: string;
}

/** What the office sells, what the supplier offers, and what lies between them. */
export function PackagesScreen({ ids }: { ids: ListIds }): ReactNode {
  const { navigation } = useServices();
  const tab = useStore(navigation, (state) => state.packagesTab);
  usePackageKeys();
  return (
    <div className={css.screen}>
      <div className={css.head}>
        <Title tab={tab} />
        <Pass />
      </div>
      <HeldNotice />
      <Shown tab={tab} ids={ids} />
    </div>
  );
}

function Shown({ tab, ids }: { tab: PackagesTab; ids: ListIds }): ReactNode {
  switch (tab) {
    case 'health':
      return <HealthTab />;
    case 'invalid':
      return <InvalidTab ids={ids} />;
    case 'mine':
      return <MineTab ids={ids} />;
    case 'catalogue':
      return <CatalogueTab ids={ids} />;
    case 'diff':
      return <DiffTab listId={ids.list} />;
    case 'duplicates':
      return <DuplicatesTab />;
    case 'orders':
      return <OrdersTab ids={ids} />;
  }
}

function Title({ tab }: { tab: PackagesTab }): ReactNode {
  const { t } = useTranslation();
  const { navigation, packages } = useServices();
  const format = useFormat();
  const needy = useResource(packages.needy).data ?? 0;
  const invalid = useResource(packages.health).data?.invalid ?? 0;
  const counts: Partial<Record<PackagesTab, number>> = { invalid, orders: needy };
  return (
    <div className={css.title}>
      <h1 className={parts.heading}>{t('screens.packages')}</h1>
      <Tabs
        label={t('screens.packages')}
        names={packagesTabs}
        chosen={tab}
        onChoose={(name) => navigation.openPackages(name)}
      >
        {(name) => (
          <>
            {t(`packages.tabs.${name}`)}
            {(counts[name] ?? 0) > 0 ? <Count>{format.number(counts[name] ?? 0)}</Count> : null}
          </>
        )}
      </Tabs>
    </div>
  );
}

/** The catalogue's age, and a pass to begin or to cancel; the place is the same for each. */
function Pass(): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const actions = usePackageActions();
  const { data } = useResource(packages.state);
  const progress = useStore(packages.underWay, (state) => state.progress);
  const words = useProgressWords();
  if (progress !== null)
    return (
      <div className={css.pass} role="status">
        <span>{words(progress)}</span>
        <Button
          size="compact-xs"
          variant="default"
          disabled={!progress.cancellable}
          onClick={() => void actions.cancelPass()}
        >
          {t('actions.cancel')}
        </Button>
      </div>
    );
  return (
    <div className={css.pass}>
      {data?.last_complete_at ? (
        <span>
          {t('packages.pass.read')} <Age at={data.last_complete_at} />
        </span>
      ) : null}
      <Button
        size="compact-xs"
        variant="default"
        disabled={data === null || !data.configured}
        aria-keyshortcuts="r"
        leftSection={<IconRefresh size={13} aria-hidden />}
        title={data?.configured === false ? t('packages.pass.missing') : t('packages.pass.start')}
        onClick={() => void actions.startPass()}
      >
        {t('packages.pass.now')}
      </Button>
    </div>
  );
}

function useProgressWords(): (progress: PackagesProgress) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ stage, packages, waiting_for: who }) => {
    const number = format.number(packages);
    if (stage === 'waiting-permit')
      return who === null ? t('sync.stage.waitingPermit') : t('sync.stage.waitingPermitOf', { who });
    if (stage === 'reading') return t('packages.pass.reading');
    if (stage === 'applying') return t('packages.pass.applying', { number });
    return stage === 'validating' ? t('packages.pass.validating') : t('sync.stage.ended');
  };
}

/** Retirements that a pass did not dare; a person decides. */
function HeldNotice(): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const format = useFormat();
  const hold = useResource(packages.state).data?.held ?? null;
  const [isOpen, setOpen] = useState(false);
  if (hold === null) return null;
  const figures = {
    count: hold.count,
    number: format.number(hold.count),
    all: format.number(hold.of_packages),
  };
  return (
    <>
      <div className={css.notice} role="alert">
        <IconAlertTriangle size={17} aria-hidden />
        <p>{t('packages.held.notice', figures)}</p>
        <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
          {t('packages.held.open')}
        </Button>
      </div>
      {isOpen ? <HeldDialog hold={hold} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
