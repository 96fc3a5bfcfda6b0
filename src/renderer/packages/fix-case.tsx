import { Button } from '@mantine/core';
import { IconHandClick } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alternative, InvalidPackage, Proposal } from '../../shared/contract/my-packages.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { usePackageWords } from './package-words.ts';
import css from './packages.module.css';
import { usePackageActions } from './use-package-actions.ts';

/** One invalid package: why, what is proposed, and what else could be sold, the nearest first. */
export function FixCase({ invalid }: { invalid: InvalidPackage | null }): ReactNode {
  const { t } = useTranslation();
  const words = usePackageWords();
  if (invalid === null)
    return (
      <Panel title={t('packages.details')}>
        <EmptyState icon={IconHandClick} title={t('packages.nothingChosen')}>
          {t('packages.choose')}
        </EmptyState>
      </Panel>
    );
  const { package: mapping, proposal } = invalid;
  return (
    <Panel title={t('packages.details')}>
      <div className={css.case}>
        <h3 className={css.caseTitle}>
          <bdi>{mapping.name ?? mapping.reseller_id}</bdi>
        </h3>
        <bdi className={css.id}>{mapping.reseller_id}</bdi>
        <p className={css.problem}>{words.why(invalid)}</p>
        <p className={css.quiet}>
          {[
            words.place(mapping),
            words.data(mapping),
            words.days(mapping.days),
            words.price(mapping.price),
          ].join(' · ')}
        </p>
        {proposal === null ? null : <Proposed proposal={proposal} />}
        <Alternatives invalid={invalid} />
      </div>
    </Panel>
  );
}

function Proposed({ proposal }: { proposal: Proposal }): ReactNode {
  const { t } = useTranslation();
  const words = usePackageWords();
  const actions = usePackageActions();
  const [sending, setSending] = useState(false);
  async function decide(action: 'accept' | 'refuse'): Promise<void> {
    setSending(true);
    const { id, version } = proposal;
    const done = await actions.attempt((calls) =>
      calls.decideProposals({ proposals: [{ id, version }], action }),
    );
    setSending(false);
    actions.refresh();
    if (done === null) return;
    const refused = done.refused[0];
    if (refused === undefined) actions.tell(t(`packages.fix.decided.${action}`, { count: 1, number: '1' }));
    else actions.tell(t('errors.CONFLICT.title'), refused.message);
  }
  return (
    <>
      <h4>{t('packages.fix.proposed')}</h4>
      <p className={css.optionName}>
        {proposal.kind === 'correct' ? t('packages.fix.correct') : <bdi>{proposal.to_reseller_id}</bdi>}
      </p>
      <ul className={css.list}>
        {proposal.differences.map((one) => (
          <li key={one.field}>{words.difference(one)}</li>
        ))}
        {proposal.differences.length === 0 && proposal.kind === 'swap' ? <li>{t('packages.same')}</li> : null}
      </ul>
      <div className={css.buttons}>
        <Button
          size="xs"
          loading={sending}
          aria-keyshortcuts="a"
          rightSection={<KeyHint>a</KeyHint>}
          onClick={() => void decide('accept')}
        >
          {t('packages.fix.accept')}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={sending}
          aria-keyshortcuts="x"
          rightSection={<KeyHint>x</KeyHint>}
          onClick={() => void decide('refuse')}
        >
          {t('packages.fix.refuse')}
        </Button>
      </div>
    </>
  );
}

function Alternatives({ invalid }: { invalid: InvalidPackage }): ReactNode {
  const { t } = useTranslation();
  const words = usePackageWords();
  const actions = usePackageActions();
  const [found, setFound] = useState<readonly Alternative[] | null>(null);
  const { id, version } = invalid.package;
  const { attempt } = actions;
  useEffect(() => {
    let isGone = false;
    void attempt((calls) => calls.alternatives({ id })).then((ranked) => {
      if (!isGone) setFound(ranked ?? []);
    });
    return () => {
      isGone = true;
    };
  }, [attempt, id]);
  async function choose(resellerId: string): Promise<void> {
    const done = await attempt((calls) => calls.replace({ id, version, reseller_id: resellerId }));
    if (done !== null) actions.tell(t('packages.fix.replaced'), done.name ?? done.reseller_id);
    actions.refresh();
  }
  return (
    <>
      <h4>{t('packages.fix.alternatives')}</h4>
      {found?.length === 0 ? <p className={css.quiet}>{t('packages.fix.noAlternatives')}</p> : null}
      {(found ?? []).map(({ package: offered, nearness, equivalent, differences }) => (
        <div key={offered.reseller_id} className={css.option}>
          <div>
            <div className={css.optionName}>
              <bdi>{offered.name}</bdi>
            </div>
            <div className={css.quiet}>
              {t(`packages.nearness.${nearness}`)}
              {equivalent ? ` · ${t('packages.fix.proven')}` : ''}
            </div>
            <div>{words.differences(differences)}</div>
          </div>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={t('packages.fix.chooseThis', { name: offered.name })}
            onClick={() => void choose(offered.reseller_id)}
          >
            {t('packages.fix.choose')}
          </Button>
        </div>
      ))}
    </>
  );
}
