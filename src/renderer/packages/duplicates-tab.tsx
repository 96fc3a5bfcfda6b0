import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Deduplication, DuplicateSet, MyPackage } from '../../shared/contract/my-packages.ts';
import { failureOf, type Failure } from '../failure.ts';
import { useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age } from '../ui/figures.tsx';
import { Panel } from '../ui/panel.tsx';
import { useFormat } from '../ui/use-format.ts';
import type { PackageCalls } from './packages-store.ts';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import { usePackageActions } from './use-package-actions.ts';

/** So many sets are listed; the counts are of all. */
const shownSets = 200;
type Last = Awaited<ReturnType<PackageCalls['lastDeduplication']>>;

interface Found {
  readonly plan: Deduplication;
  readonly last: Last;
}

/** What is sold twice, at both levels, before it is removed; and the last removal, to take back. */
export function DuplicatesTab(): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const { api } = useServices();
  const actions = usePackageActions();
  const [found, setFound] = useState<Found | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [running, setRunning] = useState(false);
  const look = useCallback(async () => {
    try {
      const calls = (await api.client()).packages;
      const [plan, last] = await Promise.all([
        calls.deduplicate({ dry_run: true }),
        calls.lastDeduplication(),
      ]);
      setFound({ plan, last });
      setFailure(null);
    } catch (error) {
      setFailure(failureOf(error));
    }
  }, [api]);
  useEffect(() => void look(), [look]);

  async function run(): Promise<void> {
    setRunning(true);
    const done = await actions.attempt((calls) => calls.deduplicate({ dry_run: false }));
    setRunning(false);
    if (done !== null)
      actions.tell(t('packages.twice.done', { count: done.removed, number: format.number(done.removed) }));
    actions.refresh();
    await look();
  }
  if (found === null && failure !== null) return <ErrorState failure={failure} onRetry={() => void look()} />;
  const plan = found?.plan ?? null;
  return (
    <div className={css.tab}>
      <div className={css.bar}>
        <span>
          {plan === null
            ? ' '
            : t('packages.twice.counts', {
                removed: format.number(plan.removed),
                ids: format.number(plan.reseller_id_duplicates),
                combinations: format.number(plan.combination_duplicates),
              })}
        </span>
        <div className={css.side}>
          {found?.last ? <LastRun last={found.last} onUndone={look} /> : null}
          <Button
            size="xs"
            disabled={plan === null || plan.removed === 0}
            loading={running}
            onClick={() => void run()}
          >
            {t('packages.twice.run', {
              count: plan?.removed ?? 0,
              number: format.number(plan?.removed ?? 0),
            })}
          </Button>
        </div>
      </div>
      <div className={css.whole}>
        <Panel title={t('packages.twice.title')}>
          {plan === null ? (
            <Bones rows={10} height={40} />
          ) : plan.sets.length === 0 ? (
            <EmptyState icon={IconCircleCheck} title={t('packages.twice.empty')}>
              {t('packages.twice.emptyText')}
            </EmptyState>
          ) : (
            <div className={css.sets}>
              {plan.sets.slice(0, shownSets).map((set) => (
                <Set key={set.kept.id} set={set} />
              ))}
              {plan.sets.length > shownSets ? (
                <p className={css.quiet}>
                  {t('packages.more', { number: format.number(plan.sets.length - shownSets) })}
                </p>
              ) : null}
            </div>
          )}
        </Panel>
      </div>
    </div>
  );
}

function LastRun({ last, onUndone }: { last: NonNullable<Last>; onUndone: () => Promise<void> }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const actions = usePackageActions();
  async function undo(): Promise<void> {
    const done = await actions.attempt((calls) => calls.undoDeduplicate({ id: last.id }));
    if (done !== null)
      actions.tell(
        t('packages.twice.restored', { count: done.restored, number: format.number(done.restored) }),
      );
    actions.refresh();
    await onUndone();
  }
  return (
    <>
      <span className={css.quiet}>
        {t('packages.twice.last', {
          count: last.removed,
          number: format.number(last.removed),
          who: last.actor,
        })}{' '}
        <Age at={last.at} />
        {last.undone_at === null ? '' : ` · ${t('packages.fix.wasUndone')}`}
      </span>
      {last.undone_at === null ? (
        <Button size="xs" variant="default" aria-keyshortcuts="u" onClick={() => void undo()}>
          {t('packages.fix.undo')}
        </Button>
      ) : null}
    </>
  );
}

function Set({ set }: { set: DuplicateSet }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className={css.set}>
      <p>
        <b>{t(`packages.twice.level.${set.level}`)}</b>{' '}
        {/* Main says in English why it keeps this one; the rule itself is in both languages. */}
        <span className={css.quiet}>{format.language === 'en' ? set.why : t('packages.twice.rule')}</span>
      </p>
      <ul>
        <Row word={t('packages.twice.kept')} of={set.kept} />
        {set.removed.map((one) => (
          <Row key={one.id} word={t('packages.twice.goes')} of={one} />
        ))}
      </ul>
    </section>
  );
}

function Row({ word, of }: { word: string; of: MyPackage }): ReactNode {
  const words = usePackageWords();
  return (
    <li>
      <span className={css.quiet}>{word}</span>
      <bdi>{of.name ?? of.reseller_id}</bdi>
      <span>{words.data(of)}</span>
      <span>{words.days(of.days)}</span>
      <span>{words.price(of.price)}</span>
    </li>
  );
}
