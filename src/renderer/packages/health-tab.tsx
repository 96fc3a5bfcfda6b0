import { Button } from '@mantine/core';
import { IconCircleCheck, IconPackage } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PackagesState } from '../../shared/contract/catalogue.ts';
import type { PackagesHealth } from '../../shared/contract/my-packages.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age, Moment } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { Stat } from '../ui/stat.tsx';
import { useFormat } from '../ui/use-format.ts';
import parts from '../ui/parts.module.css';
import { AutoFixButton } from './auto-fix.tsx';
import css from './packages.module.css';
import { ScoreChart } from './score-chart.tsx';
import { usePackageActions } from './use-package-actions.ts';

/** How much of what the office sells can be sold, and how that went. */
export function HealthTab(): ReactNode {
  const { t } = useTranslation();
  const { packages } = useServices();
  const { data: health, failure } = useResource(packages.health);
  const { data: state } = useResource(packages.state);
  if (health === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void packages.health.reload()} />;
  return (
    <div className={css.tab}>
      <Numbers health={health} />
      <div className={css.overview}>
        <Panel title={t('packages.trend.title')} side={<Validate />}>
          {health === null ? (
            <Bones rows={8} height={32} />
          ) : health.trend.length < 2 ? (
            <EmptyState icon={IconPackage} title={t('packages.trend.empty')}>
              {t('packages.trend.emptyText')}
            </EmptyState>
          ) : (
            <ScoreChart points={health.trend} target={health.target} />
          )}
        </Panel>
        <Panel title={t('packages.standing')}>
          {health === null || state === null ? (
            <Bones rows={8} height={32} />
          ) : (
            <Standing health={health} state={state} />
          )}
        </Panel>
      </div>
    </div>
  );
}

function Numbers({ health }: { health: PackagesHealth | null }): ReactNode {
  const { t } = useTranslation();
  const { navigation, packages } = useServices();
  const format = useFormat();
  const say = (value: number | undefined): string | null =>
    value === undefined ? null : format.number(value);
  const score = health === null ? null : health.score === null ? '–' : format.percent(health.score / 100);
  const isLow = health !== null && health.score !== null && health.score < health.target;
  const open = (status: 'all' | 'valid'): void => {
    packages.ask('mine', { status, search: '' });
    navigation.openPackages('mine');
  };
  return (
    <div className={css.stats}>
      <Stat
        label={t('packages.stats.score')}
        value={score}
        note={
          health === null
            ? undefined
            : t(isLow ? 'packages.stats.below' : 'packages.stats.target', {
                target: format.percent(health.target / 100),
              })
        }
      />
      <Stat
        label={t('packages.stats.total')}
        value={say(health?.total)}
        {...(health !== null && health.unchecked > 0
          ? { note: t('packages.stats.unchecked', { number: format.number(health.unchecked) }) }
          : {})}
        onOpen={() => open('all')}
      />
      <Stat label={t('packages.stats.valid')} value={say(health?.valid)} onOpen={() => open('valid')} />
      <Stat
        label={t('packages.stats.invalid')}
        value={say(health?.invalid)}
        {...(health !== null && health.proposals > 0
          ? {
              note: t('packages.stats.proposals', {
                count: health.proposals,
                number: format.number(health.proposals),
              }),
            }
          : {})}
        onOpen={() => navigation.openPackages('invalid')}
      />
    </div>
  );
}

function Validate(): ReactNode {
  const { t } = useTranslation();
  const actions = usePackageActions();
  const [running, setRunning] = useState(false);
  async function clear(): Promise<void> {
    const done = await actions.attempt((calls) => calls.clearCache());
    if (done !== null) actions.tell(t('packages.validate.cleared'));
  }
  return (
    <>
      <Button size="compact-xs" variant="subtle" onClick={() => void clear()}>
        {t('packages.validate.clear')}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        loading={running}
        aria-keyshortcuts="v"
        onClick={() => {
          setRunning(true);
          void actions.validate().finally(() => setRunning(false));
        }}
      >
        {t('packages.validate.now')}
      </Button>
    </>
  );
}

/** When it was checked and read, when it will be, and what is wrong how often. */
function Standing({ health, state }: { health: PackagesHealth; state: PackagesState }): ReactNode {
  const { t } = useTranslation();
  const { navigation, packages } = useServices();
  const format = useFormat();
  const at = (instant: string | null): ReactNode =>
    instant === null ? t('packages.never') : <Moment at={instant} />;
  const run = state.last_run;
  return (
    <div className={css.case}>
      {state.configured ? null : <p className={css.problem}>{t('packages.pass.missing')}</p>}
      <dl className={parts.facts}>
        <dt>{t('packages.validate.last')}</dt>
        <dd>{health.last_validation === null ? t('packages.never') : <Age at={health.last_validation} />}</dd>
        <dt>{t('packages.validate.next')}</dt>
        <dd>{at(state.next_validation_at)}</dd>
        <dt>{t('packages.pass.last')}</dt>
        <dd>
          {run === null ? t('packages.never') : t(`packages.pass.state.${run.state}`)}
          {run?.ended_at ? (
            <>
              , <Age at={run.ended_at} />
            </>
          ) : null}
        </dd>
        <dt>{t('packages.pass.next')}</dt>
        <dd>{at(state.next_pass_at)}</dd>
        <dt>{t('packages.pass.catalogue')}</dt>
        <dd>
          {t('packages.pass.sizes', {
            active: format.number(state.active),
            retired: format.number(state.retired),
          })}
        </dd>
      </dl>
      {run?.error ? <p className={css.problem}>{run.error}</p> : null}
      {health.reasons.length === 0 && health.valid > 0 ? (
        <EmptyState icon={IconCircleCheck} title={t('packages.allValid')} />
      ) : null}
      {health.reasons.length > 0 ? (
        <>
          <h4>{t('packages.reasons')}</h4>
          <ul className={css.list}>
            {health.reasons.map(({ reason, count }) => (
              <li key={reason} className={css.line}>
                <button
                  type="button"
                  className={css.link}
                  onClick={() => {
                    packages.ask('invalid', { reason, search: '' });
                    navigation.openPackages('invalid');
                  }}
                >
                  {t(`packages.reason.${reason}`)}
                </button>
                <span>{format.number(count)}</span>
              </li>
            ))}
          </ul>
          <div className={css.buttons}>
            <AutoFixButton />
          </div>
        </>
      ) : null}
    </div>
  );
}
