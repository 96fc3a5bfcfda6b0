import {
  duplicateField,
  mergedByDefault,
  type DuplicateAction,
  type DuplicateField,
  type DuplicateResolution,
} from '../../shared/contract/duplicates.ts';
import type { NoteCode } from '../../shared/contract/mapping-codes.ts';
import { sameOrder, type DealContent } from './compare-sides.ts';

/** A deal's content with the notes of its mapping: what a decision may change or bring. */
export interface NotedContent extends DealContent {
  notes: string[];
}

export interface ExistingDeal extends NotedContent {
  isDuplicate: boolean;
}

/** What a decision makes of the deals of a lead. */
export interface ResolutionPlan {
  kind: 'planned';
  resolution: DuplicateResolution;
  /**
   * What becomes of the existing deal. `freeze`: kept as it is, it follows upstream no longer; `replace`: also, it
   * counts no longer; `merge`: it takes this content and follows; `leave`: nothing, or there is none.
   */
  existing:
    { kind: 'leave' } | { kind: 'freeze' } | { kind: 'replace' } | { kind: 'merge'; content: NotedContent };
  /** The deal to insert, which follows upstream from now on; null for none. */
  insert: NotedContent | null;
  mergedFields: DuplicateField[] | null;
}

export type Resolution = ResolutionPlan | { kind: 'refused'; why: string };

/** What a case is called after each action. */
export const actionResolution: Readonly<Record<DuplicateAction, DuplicateResolution>> = {
  approve: 'approved',
  replace: 'replaced',
  merge: 'merged',
  reject: 'rejected',
};

/**
 * What a person's word means for the existing deal (null: it is gone) and the incoming state (U1). Refused, in a
 * sentence that says what to do, where the word cannot be carried out on this case whoever decides.
 */
export function planResolution(
  choice: { action: DuplicateAction; fields?: readonly DuplicateField[] | undefined },
  existing: ExistingDeal | null,
  incoming: NotedContent,
  zone: string,
): Resolution {
  const { action } = choice;
  if (choice.fields && action !== 'merge')
    return { kind: 'refused', why: 'Fields can be chosen for merge only. Leave them out, or choose merge.' };
  const base = { kind: 'planned', resolution: actionResolution[action], mergedFields: null } as const;
  switch (action) {
    case 'reject':
      return { ...base, existing: { kind: 'leave' }, insert: null };
    case 'approve':
      return { ...base, existing: { kind: existing ? 'freeze' : 'leave' }, insert: incoming };
    case 'replace':
      return { ...base, existing: { kind: existing ? 'replace' : 'leave' }, insert: incoming };
    case 'merge': {
      if (!existing)
        return {
          kind: 'refused',
          why: 'There is no deal any more to merge into. Approve the new one instead, or reject it.',
        };
      const mergedFields = mergeFields(choice);
      const content = merge(existing, incoming, new Set(mergedFields), zone);
      return { ...base, existing: { kind: 'merge', content }, insert: null, mergedFields };
    }
  }
}

/** What a merge takes over, each field once and in the order of `duplicateField`. */
export function mergeFields(choice: { fields?: readonly DuplicateField[] | undefined }): DuplicateField[] {
  const chosen = new Set(choice.fields ?? mergedByDefault);
  return duplicateField.options.filter((field) => chosen.has(field));
}

function merge(
  existing: ExistingDeal,
  incoming: NotedContent,
  fields: ReadonlySet<DuplicateField>,
  zone: string,
): NotedContent {
  const from = (field: DuplicateField) => (fields.has(field) ? incoming : existing);
  // An instant is not made coarser by a bare day that says the same.
  const coarser = incoming.orderDateSource === 'day' && existing.orderDateSource === 'instant';
  const order = coarser && sameOrder(existing, incoming, zone) ? existing : from('order_date');
  const noteFrom: Readonly<Record<NoteCode, NotedContent>> = {
    'campaign-name': from('campaign'),
    'multi-deals-unreadable': from('multi_deals'),
    'order-date-missing': order,
  };
  return {
    userId: from('agent').userId,
    commission: from('commission').commission,
    multiDeals: from('multi_deals').multiDeals,
    campaignId: from('campaign').campaignId,
    orderDate: order.orderDate,
    orderDateSource: order.orderDateSource,
    notes: Object.entries(noteFrom).flatMap(([note, side]) => (side.notes.includes(note) ? [note] : [])),
  };
}
