import type { TFunction } from 'i18next';
import type {
  BoardMove,
  DuplicateField,
  DuplicateSide,
  PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import type { Format } from '../i18n/format.ts';
import type { Refusal, Verdict } from './refusal.ts';

/** An order's date as it is known: a bare day has no time of its own. */
export function orderDate(side: DuplicateSide, format: Format): string {
  return side.order_date_source === 'day' ? format.day(side.order_date) : format.stamp(side.order_date);
}

/** One field of a side in words; a dash where there is none. */
export function fieldValue(field: DuplicateField, side: DuplicateSide, t: TFunction, format: Format): string {
  switch (field) {
    case 'agent':
      return side.agent;
    case 'commission':
      return side.commission === null ? t('figures.noCommission') : format.money(side.commission);
    case 'order_date':
      return orderDate(side, format);
    case 'multi_deals':
      return format.number(side.multi_deals);
    case 'campaign':
      return side.campaign ?? '–';
  }
}

/** A name from outside within a sentence: its direction of writing stays its own. */
function apart(words: string): string {
  return `\u2068${words}\u2069`;
}

/** Why a case waits, a sentence for each reason: `Adversus now gives the sale to Anna, not to Erik.` */
export function reasonsInWords(duplicate: PendingDuplicate, t: TFunction, format: Format): string[] {
  const { existing, incoming } = duplicate;
  if (existing === null) return [t('duplicates.why.gone')];
  return duplicate.reasons.map((reason) =>
    t(`duplicates.why.${reason}`, {
      from: apart(fieldValue(reason, existing, t, format)),
      to: apart(fieldValue(reason, incoming, t, format)),
    }),
  );
}

/** In what the sides differ: `agent, commission`. */
export function differsInWords(duplicate: PendingDuplicate, t: TFunction): string {
  if (duplicate.existing === null) return t('duplicates.noEarlier');
  const fields = duplicate.differs.map((field) => t(`duplicates.field.${field}`).toLocaleLowerCase());
  return fields.length === 0 ? t('duplicates.noDifference') : fields.join(', ');
}

function sign(value: number, words: string): string {
  return value > 0 ? `+${words}` : value < 0 ? `−${words}` : words;
}

/** What an action does to one agent on today's board: `3rd → 2nd, +1 deal, +4 500 kr`. */
export function moveInWords(move: BoardMove, t: TFunction, format: Format): string {
  const place = (rank: number | null): string =>
    rank === null ? t('duplicates.move.off') : format.rank(rank);
  const parts = [
    move.rank_before === move.rank_after
      ? t('duplicates.move.stays', { place: place(move.rank_after) })
      : `${place(move.rank_before)} → ${place(move.rank_after)}`,
  ];
  if (move.deals !== 0) {
    const count = Math.abs(move.deals);
    parts.push(sign(move.deals, t('feed.multi', { count })));
  }
  if (move.commission !== 0) parts.push(sign(move.commission, format.money(Math.abs(move.commission))));
  return parts.join(', ');
}

/** What became of the case instead: `erik chose Merge, 12:03.` */
export function verdictInWords(verdict: Verdict, t: TFunction, format: Format): string {
  switch (verdict.kind) {
    case 'decided':
      return t('duplicates.verdict.decided', {
        by: apart(verdict.by ?? t('duplicates.somebody')),
        resolution: t(`duplicates.resolution.${verdict.resolution}`).toLocaleLowerCase(),
        at: verdict.at === null ? '' : format.stamp(verdict.at),
      });
    case 'withdrawn':
      return t('duplicates.verdict.withdrawn');
    case 'changed':
      return t('duplicates.verdict.changed');
    case 'gone':
      return t('duplicates.verdict.gone');
    case 'failed':
      return `${t(`errors.${verdict.failure.code}.title`)} ${t(`errors.${verdict.failure.code}.next`)}`;
  }
}

/** A refusal in full: which lead, what was asked, and why not. */
export function refusalInWords(refusal: Refusal, t: TFunction, format: Format): string {
  const { duplicate, action, verdict } = refusal;
  if (action === 'undo' && verdict.kind === 'failed' && verdict.failure.code === 'CONFLICT') {
    return t('duplicates.refused.undo', { id: duplicate.lead_id });
  }
  return t('duplicates.refused.decision', {
    id: duplicate.lead_id,
    action: t(`duplicates.action.${action}`),
    why: verdictInWords(verdict, t, format),
  });
}
