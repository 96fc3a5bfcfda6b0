import type {
  DuplicateAction,
  DuplicateCase,
  DuplicateResolution,
  PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import type { Failure } from '../failure.ts';

/** Why a decision did not hold, as the case stands now. */
export type Verdict =
  | {
      readonly kind: 'decided';
      readonly by: string | null;
      readonly resolution: DuplicateResolution;
      readonly at: string | null;
    }
  | { readonly kind: 'withdrawn'; readonly at: string | null }
  /** Upstream changed the case since it was looked at; it waits with its new values. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'gone' }
  /** The call itself failed; nothing is known to have changed. */
  | { readonly kind: 'failed'; readonly failure: Failure };

/** A decision, or an undo, that was refused. */
export interface Refusal {
  readonly duplicate: PendingDuplicate;
  readonly action: DuplicateAction | 'undo';
  readonly verdict: Verdict;
}

/** Decides what to say of a refused decision on `version`; `now` is the case as fetched after it, if it could be. */
export function explainRefusal(failure: Failure, version: number, now: DuplicateCase | null): Verdict {
  if (failure.code === 'NOT_FOUND') return { kind: 'gone' };
  if (failure.code !== 'CONFLICT' || now === null) return { kind: 'failed', failure };
  if (now.status === 'withdrawn') return { kind: 'withdrawn', at: now.resolved_at };
  if (now.status === 'resolved' && now.resolution !== null) {
    return { kind: 'decided', by: now.resolved_by, resolution: now.resolution, at: now.resolved_at };
  }
  return now.duplicate.version === version ? { kind: 'failed', failure } : { kind: 'changed' };
}
