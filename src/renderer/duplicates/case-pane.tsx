import { IconAlertTriangle, IconArrowsDiff, IconCircleCheck, IconRefreshAlert } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { DuplicateCase, PendingDuplicate } from '../../shared/contract/duplicates.ts';
import { useServices } from '../services.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Age } from '../ui/figures.tsx';
import { GrownText } from '../ui/grown-text.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { Panel } from '../ui/panel.tsx';
import { WhyButton } from '../ui/why-button.tsx';
import { useFormat } from '../ui/use-format.ts';
import { Comparison } from './comparison.tsx';
import { verdictInWords, reasonsInWords } from './duplicate-words.ts';
import css from './duplicates.module.css';
import { Effects } from './effects.tsx';
import { isClosed } from './queue-store.ts';
import { Trail } from './trail.tsx';
import { useOtherLooker } from './use-claim.ts';

/** The chosen case: why it waits, both sides, what each decision would do, and a note. */
export function CasePane(props: { noteId: string }): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const format = useFormat();
  const chosen = useStore(queue, (state) => state.chosen);
  const place = useStore(queue, (state) => state.place);
  const count = useStore(queue.list.rows, (state) => state.count);
  const shown = useStore(queue.shown);
  if (chosen === null) {
    return (
      <Panel title={t('duplicates.nothingChosen')} className={css.case}>
        {count === 0 ? (
          <EmptyState icon={IconCircleCheck} title={t('duplicates.nothingChosen')} />
        ) : (
          <Bones rows={8} height={44} />
        )}
      </Panel>
    );
  }
  const closed = isClosed(chosen, shown.data);
  const side = (
    <span className={css.quiet}>
      {count === null || closed
        ? null
        : t('duplicates.place', { place: format.number(place + 1), number: format.number(count) })}
      <WhyButton lead={chosen.lead_id} />
    </span>
  );
  return (
    <Panel title={t('duplicates.lead', { id: chosen.lead_id })} side={side} className={css.case}>
      <div className={css.pane}>
        <div className={css.top}>
          <Why duplicate={chosen} shown={shown.data} />
          <Notices duplicate={chosen} shown={shown.data} />
        </div>
        <Merging duplicate={chosen} />
        {closed ? null : (
          <>
            <Effects duplicate={chosen} shown={shown} onRetry={() => void queue.shown.reload()} />
            <Note id={props.noteId} duplicate={chosen} />
          </>
        )}
        {shown.data === null ? null : <Trail events={shown.data.trail} />}
      </div>
    </Panel>
  );
}

function Merging({ duplicate }: { duplicate: PendingDuplicate }): ReactNode {
  const { queue } = useServices();
  const merging = useStore(queue, (state) => state.merging);
  return <Comparison duplicate={duplicate} merging={merging} onToggle={queue.toggleField} />;
}

function Why({ duplicate, shown }: { duplicate: PendingDuplicate; shown: DuplicateCase | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const other = useOtherLooker(duplicate.id);
  // A decision and its undo raise the version too, so that nothing is said before the trail is there.
  const undone = shown?.trail.filter((event) => event.action === 'undo').length;
  const revised = undone === undefined ? 0 : duplicate.version - 1 - 2 * undone;
  return (
    <div className={css.why}>
      {reasonsInWords(duplicate, t, format).map((sentence) => (
        <p key={sentence} className={css.reason}>
          <IconArrowsDiff size={16} aria-hidden />
          <span>{sentence}</span>
        </p>
      ))}
      {/* In a line that is there anyway: people come and go, and the comparison must not jump. */}
      <p className={css.quiet}>
        {t('duplicates.waits')} <Age at={duplicate.detected_at} short />
        {revised > 0 ? ` · ${t('duplicates.revised', { count: revised })}` : ''}
        <span aria-live="polite">
          {other === null ? null : (
            <>
              {' · '}
              <strong>{t('duplicates.looking', { who: other })}</strong>
            </>
          )}
        </span>
      </p>
    </div>
  );
}

/** What happened to the case while it was looked at, or when it was last tried to be decided. */
function Notices(props: { duplicate: PendingDuplicate; shown: DuplicateCase | null }): ReactNode {
  const { duplicate, shown } = props;
  const { t } = useTranslation();
  const { queue } = useServices();
  const format = useFormat();
  const changed = useStore(queue, (state) => state.changed);
  const refusal = useStore(queue.decisions, (state) =>
    state.refusals.find((one) => one.duplicate.id === duplicate.id),
  );
  const closed = isClosed(duplicate, shown) ? closedWords(shown) : null;
  return (
    <div aria-live="polite" className={css.notices}>
      {closed === null ? null : <Notice icon={IconAlertTriangle}>{closed}</Notice>}
      {changed && closed === null ? <Notice icon={IconRefreshAlert}>{t('duplicates.changed')}</Notice> : null}
      {refusal === undefined || closed !== null ? null : (
        <Notice icon={IconAlertTriangle}>{verdictInWords(refusal.verdict, t, format)}</Notice>
      )}
    </div>
  );

  function closedWords(now: DuplicateCase | null): string | null {
    if (now?.status === 'resolved' && now.resolution !== null) {
      return t('duplicates.closed.decided', {
        by: now.resolved_by ?? t('duplicates.somebody'),
        resolution: t(`duplicates.resolution.${now.resolution}`).toLocaleLowerCase(),
        at: now.resolved_at === null ? '' : format.stamp(now.resolved_at),
      });
    }
    return t('duplicates.closed.withdrawn');
  }
}

function Notice(props: { icon: typeof IconAlertTriangle; children: ReactNode }): ReactNode {
  const Icon = props.icon;
  return (
    <p className={css.notice}>
      <Icon size={16} aria-hidden className={css.warnIcon} />
      <span>{props.children}</span>
    </p>
  );
}

function Note({ id, duplicate }: { id: string; duplicate: PendingDuplicate }): ReactNode {
  const { t } = useTranslation();
  const { queue } = useServices();
  const note = useStore(queue, (state) => state.notes[duplicate.id] ?? '');
  return (
    <GrownText
      id={id}
      size="xs"
      label={
        <span className={css.noteLabel}>
          {t('duplicates.note')} <KeyHint>n</KeyHint>
        </span>
      }
      placeholder={t('duplicates.notePlaceholder')}
      value={note}
      onChange={(event) => queue.setNote(duplicate.id, event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.currentTarget.blur();
      }}
      maxLength={2000}
      minRows={1}
      maxRows={4}
    />
  );
}
