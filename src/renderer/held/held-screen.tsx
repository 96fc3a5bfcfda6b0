import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconHourglass } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { HeldRemoval } from '../../shared/contract/sync.ts';
import { usePageKeys } from '../page-keys.ts';
import { useResource, useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { Age } from '../ui/figures.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { StateWord } from '../ui/state-word.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import parts from '../ui/parts.module.css';
import { DecideHeld, type HeldAction } from './decide-held.tsx';
import { HeldDeals } from './held-deals.tsx';
import css from './held.module.css';

const actionKeys: Readonly<Record<HeldAction, string>> = { accept: 'a', discard: 'x' };

/** Removals that a pass did not dare: what would go and why, to accept or to discard. */
export function HeldScreen({ listId }: { listId: string }): ReactNode {
  const { t } = useTranslation();
  const { held, heldDeals } = useServices();
  const { data, failure } = useResource(held);
  const [action, setAction] = useState<HeldAction | null>(null);
  const hold = data?.find((one) => one.state === 'held' || one.state === 'accepted') ?? null;
  const isOpen = hold?.state === 'held';
  const known = data !== null;
  const id = hold?.id ?? null;
  useEffect(() => {
    if (known) heldDeals.show(id);
  }, [heldDeals, known, id]);
  useListFocus(
    listId,
    useStore(heldDeals, (state) => state.rows.length > 0),
  );
  usePageKeys((key) => {
    const pressed = (['accept', 'discard'] as const).find((one) => actionKeys[one] === key);
    if (pressed === undefined || !isOpen) return false;
    setAction(pressed);
    return true;
  }, 'screen');
  return (
    <div className={css.screen}>
      <h1 className={parts.heading}>{t('waiting.kinds.held')}</h1>
      {data === null && failure !== null ? (
        <ErrorState failure={failure} onRetry={() => void held.reload()} />
      ) : data === null ? (
        <Loading />
      ) : hold === null ? (
        <NothingHeld />
      ) : (
        <div className={css.body}>
          <Hold hold={hold} onDecide={setAction} />
          <HeldDeals listId={listId} />
        </div>
      )}
      {action === null || hold === null || !isOpen ? null : (
        <DecideHeld hold={hold} action={action} onClose={() => setAction(null)} />
      )}
    </div>
  );
}

function Loading(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className={css.body}>
      <Panel title={t('held.why')}>
        <Bones rows={6} height={40} />
      </Panel>
      <Panel title={t('held.deals')}>
        <Bones rows={12} height={32} head />
      </Panel>
    </div>
  );
}

function NothingHeld(): ReactNode {
  const { t } = useTranslation();
  const { data } = useResource(useServices().sync);
  const last = data?.sources.find((source) => source.source === 'deals')?.last_complete_at ?? null;
  return (
    <Panel title={t('waiting.kinds.held')}>
      <EmptyState icon={IconCircleCheck} title={t('held.empty')}>
        {t('held.emptyText')}
        {last === null ? null : (
          <>
            {' '}
            {t('figures.lastLooked')} <Age at={last} />.
          </>
        )}
      </EmptyState>
    </Panel>
  );
}

/** Why it is held, and what each choice does before it is made. */
function Hold(props: { hold: HeldRemoval; onDecide: (action: HeldAction) => void }): ReactNode {
  const { hold } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const figures = { count: hold.count, number: format.number(hold.count), all: format.number(hold.of_deals) };
  return (
    <Panel title={t('held.why')}>
      <article className={css.hold} aria-label={t('held.title', figures)}>
        <h3 className={css.title}>
          <IconAlertTriangle size={17} aria-hidden />
          <span>{t('held.title', figures)}</span>
        </h3>
        <p className={css.text}>{t(`held.reason.${hold.reason}`, figures)}</p>
        <div className={css.facts}>
          <span>
            {t('held.range', { from: format.day(hold.range_start), to: format.day(hold.range_end) })}
          </span>
          <span>
            {t('held.since')} <Age at={hold.held_at} />
          </span>
          <span>
            {t('held.updated')} <Age at={hold.updated_at} />
          </span>
        </div>
        {hold.state === 'accepted' ? (
          <StateWord tone="quiet" icon={IconHourglass}>
            {t('held.accepted', { number: format.number(hold.removed) })}
          </StateWord>
        ) : (
          <Choices figures={figures} onDecide={props.onDecide} />
        )}
      </article>
    </Panel>
  );
}

function Choices(props: {
  figures: { count: number; number: string };
  onDecide: (action: HeldAction) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <p className={css.text}>{t('held.undecided')}</p>
      <h4 className={css.choicesTitle}>{t('held.choices.title')}</h4>
      {(['accept', 'discard'] as const).map((action) => (
        <section key={action} className={css.choice}>
          <p className={css.text}>{t(`held.choices.effect.${action}`, props.figures)}</p>
          <Button
            size="sm"
            variant="default"
            {...(action === 'accept' ? { c: 'var(--od-bad)' } : {})}
            rightSection={<KeyHint>{actionKeys[action]}</KeyHint>}
            aria-keyshortcuts={actionKeys[action]}
            onClick={() => props.onDecide(action)}
          >
            {t(`held.${action}`)}
          </Button>
        </section>
      ))}
    </>
  );
}
