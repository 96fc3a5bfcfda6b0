import type {
  DuplicateDecision,
  DuplicateField,
  DuplicateAction,
  PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import { failureOf, type Failure } from '../failure.ts';
import { choiceInput, type Choice } from './decisions.ts';

/** Pages of the queue are gathered this large; the contract allows no more. */
const gatherPage = 500;
/** Cases decided by one call; the contract allows 200, and small calls show progress and can be stopped between. */
export const decideAtOnce = 50;

/** One case that stayed as it was, and main's sentence why. */
export interface Refused {
  readonly id: number;
  readonly message: string;
}

/** How far work on many cases came. */
export interface ManyResult {
  readonly decided: readonly DuplicateDecision[];
  readonly refused: readonly Refused[];
  /** Cases not tried, because somebody stopped or a call failed. */
  readonly left: number;
  readonly failure: Failure | null;
}

/** True when two cases differ in the same fields, or both have no earlier deal any more. */
export function isAlike(a: PendingDuplicate, b: PendingDuplicate): boolean {
  if (a.existing === null || b.existing === null) return a.existing === b.existing;
  return a.differs.join() === b.differs.join();
}

/** All waiting cases alike `like`, each once, as they stand while it is asked. */
export async function gatherAlike(
  load: (page: {
    limit: number;
    offset: number;
  }) => Promise<{ pending: readonly PendingDuplicate[]; count: number }>,
  like: PendingDuplicate,
  told: { onProgress?: (read: number, of: number) => void; signal: AbortSignal },
): Promise<PendingDuplicate[]> {
  const alike = new Map<number, PendingDuplicate>();
  for (let offset = 0; !told.signal.aborted; offset += gatherPage) {
    const { pending, count } = await load({ limit: gatherPage, offset });
    for (const one of pending) if (isAlike(one, like)) alike.set(one.id, one);
    told.onProgress?.(Math.min(count, offset + pending.length), count);
    if (pending.length === 0 || offset + gatherPage >= count) break;
  }
  return [...alike.values()];
}

interface Told {
  readonly onProgress?: (result: ManyResult) => void;
  readonly signal: AbortSignal;
}

/** Does `some` on the items a few at a time, until all are done, somebody stops, or a call fails. */
async function inSteps<T>(
  items: readonly T[],
  size: number,
  some: (
    part: readonly T[],
  ) => Promise<{ decided: readonly DuplicateDecision[]; refused: readonly Refused[] }>,
  { onProgress, signal }: Told,
): Promise<ManyResult> {
  let result: ManyResult = { decided: [], refused: [], left: items.length, failure: null };
  for (let from = 0; from < items.length && !signal.aborted; from += size) {
    const part = items.slice(from, from + size);
    try {
      const { decided, refused } = await some(part);
      result = {
        decided: [...result.decided, ...decided],
        refused: [...result.refused, ...refused],
        left: result.left - part.length,
        failure: null,
      };
    } catch (error) {
      return { ...result, failure: failureOf(error) };
    }
    onProgress?.(result);
  }
  return result;
}

/** Decides many cases alike; one that is refused does not stop the others. */
export function decideMany(
  call: (input: {
    cases: { id: number; version: number }[];
    action: DuplicateAction;
    note?: string;
    fields?: DuplicateField[];
  }) => Promise<{ decided: DuplicateDecision[]; refused: Refused[] }>,
  cases: readonly PendingDuplicate[],
  choice: Choice,
  told: Told,
): Promise<ManyResult> {
  return inSteps(
    cases,
    decideAtOnce,
    (part) => call({ ...choiceInput(choice), cases: part.map(({ id, version }) => ({ id, version })) }),
    told,
  );
}

/** Takes many decisions back, the newest first; one that is refused does not stop the others. */
export function undoMany(
  undo: (input: { id: number; version: number }) => Promise<DuplicateDecision>,
  decisions: readonly DuplicateDecision[],
  told: Told,
): Promise<ManyResult> {
  return inSteps(
    // What waits to be sent cannot be taken back yet.
    decisions.filter((one) => one.queued !== true).toReversed(),
    1,
    async ([one]) => {
      if (one === undefined) return { decided: [], refused: [] };
      try {
        return { decided: [await undo({ id: one.id, version: one.version })], refused: [] };
      } catch (error) {
        const { code, message } = failureOf(error);
        if (code !== 'CONFLICT' && code !== 'NOT_FOUND') throw error;
        return { decided: [], refused: [{ id: one.id, message: message ?? '' }] };
      }
    },
    told,
  );
}
