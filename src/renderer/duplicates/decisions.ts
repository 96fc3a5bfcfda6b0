import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  DuplicateAction,
  DuplicateCase,
  DuplicateDecision,
  DuplicateField,
  PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import { failureOf } from '../failure.ts';
import type { PendingList } from './pending-list.ts';
import { explainRefusal, type Refusal } from './refusal.ts';

/** A decision made in this window. */
export interface Decided {
  readonly duplicate: PendingDuplicate;
  readonly action: DuplicateAction;
  /** Where it stood in the list. */
  readonly index: number;
  /** queued: the database is away; kept on this console, and not to be undone before it was sent. */
  readonly state: 'sending' | 'done' | 'queued' | 'undoing' | 'undone';
  /** The version that undo names; null until main has answered. */
  readonly version: number | null;
}

export interface Decisions {
  /** Those that can be undone by key, the newest last. */
  readonly done: readonly Decided[];
  /** The newest decision or undo, to tell of. */
  readonly last: Decided | null;
  /** What was refused and not yet waved away, the newest first. */
  readonly refusals: readonly Refusal[];
}

export interface Choice {
  readonly action: DuplicateAction;
  readonly note?: string | undefined;
  readonly fields?: readonly DuplicateField[] | undefined;
}

export interface DecisionCalls {
  case(id: number): Promise<DuplicateCase>;
  resolve(input: {
    id: number;
    version: number;
    action: DuplicateAction;
    note?: string;
    fields?: DuplicateField[];
  }): Promise<DuplicateDecision>;
  undo(input: { id: number; version: number }): Promise<DuplicateDecision>;
}

export interface DecisionsStore extends StoreApi<Decisions> {
  /** Takes a case off the list and sends its decision; answers false, the case back, when it was refused. */
  decide(duplicate: PendingDuplicate, index: number, choice: Choice): Promise<boolean>;
  /** Takes back the newest decision; answers the case as it waits again, null when there is none or it was refused. */
  undo(): Promise<{ duplicate: PendingDuplicate; index: number } | null>;
  dismiss(refusal: Refusal): void;
}

/** How many decisions `u` can walk back. */
const undoable = 50;

const keyOf = (one: Decided): string => `${one.duplicate.id} ${one.duplicate.version}`;

/** Changes one decision wherever it stands; null forgets it. */
function mark(state: Decisions, key: string, changes: Partial<Decided> | null): Partial<Decisions> {
  const next = (one: Decided): Decided | null =>
    keyOf(one) !== key ? one : changes === null ? null : { ...one, ...changes };
  return {
    done: state.done.flatMap((one) => next(one) ?? []),
    last: state.last === null ? null : next(state.last),
  };
}

/** The input of a decision, without what was not said. */
export function choiceInput(choice: Choice): {
  action: DuplicateAction;
  note?: string;
  fields?: DuplicateField[];
} {
  const note = choice.note?.trim() ?? '';
  return {
    action: choice.action,
    ...(note === '' ? {} : { note }),
    ...(choice.fields === undefined ? {} : { fields: [...choice.fields] }),
  };
}

/** Sends decisions and undoes them, the list ahead of main and put right when main refuses. */
export function createDecisions(calls: DecisionCalls, list: PendingList): DecisionsStore {
  const store = createStore<Decisions>(() => ({ done: [], last: null, refusals: [] }));
  const underWay = new Map<string, Promise<boolean>>();

  async function tellRefusal(duplicate: PendingDuplicate, action: Refusal['action'], error: unknown) {
    const failure = failureOf(error);
    const asks = action !== 'undo' && failure.code === 'CONFLICT';
    const now = asks ? await calls.case(duplicate.id).catch(() => null) : null;
    const verdict =
      action === 'undo'
        ? ({ kind: 'failed', failure } as const)
        : explainRefusal(failure, duplicate.version, now);
    store.setState(({ refusals }) => ({
      refusals: [
        { duplicate, action, verdict },
        ...refusals.filter((one) => one.duplicate.id !== duplicate.id),
      ],
    }));
  }

  async function send(decided: Decided, choice: Choice): Promise<boolean> {
    const { duplicate, index } = decided;
    try {
      const answer = await calls.resolve({
        id: duplicate.id,
        version: duplicate.version,
        ...choiceInput(choice),
      });
      if (answer.queued) {
        store.setState((state) => ({
          ...mark(state, keyOf(decided), { state: 'queued' }),
          done: state.done.filter((one) => keyOf(one) !== keyOf(decided)),
        }));
      } else
        store.setState((state) => mark(state, keyOf(decided), { state: 'done', version: answer.version }));
      return true;
    } catch (error) {
      store.setState((state) => mark(state, keyOf(decided), null));
      list.putBack(duplicate, index);
      await tellRefusal(duplicate, choice.action, error);
      void list.rows.reload();
      return false;
    }
  }

  async function sendUndo(decided: Decided, version: number) {
    const { duplicate, index } = decided;
    try {
      const answer = await calls.undo({ id: duplicate.id, version });
      const again = { ...duplicate, version: answer.version };
      list.putBack(again, index);
      store.setState(({ done }) => ({
        done: done.filter((one) => keyOf(one) !== keyOf(decided)),
        last: { ...decided, state: 'undone' },
      }));
      void list.rows.reload();
      return { duplicate: again, index };
    } catch (error) {
      const { code } = failureOf(error);
      // What was refused for good is not tried again by the next press.
      const isFinal = code === 'CONFLICT' || code === 'NOT_FOUND' || code === 'BAD_REQUEST';
      store.setState((state) => mark(state, keyOf(decided), isFinal ? null : { state: 'done' }));
      await tellRefusal(duplicate, 'undo', error);
      return null;
    }
  }

  return Object.assign(store, {
    async decide(duplicate: PendingDuplicate, index: number, choice: Choice): Promise<boolean> {
      const { action } = choice;
      const decided: Decided = { duplicate, action, index, state: 'sending', version: null };
      store.setState(({ done, refusals }) => ({
        done: [...done.slice(1 - undoable), decided],
        last: decided,
        refusals: refusals.filter((one) => one.duplicate.id !== duplicate.id),
      }));
      list.takeOut(duplicate);
      const sent = send(decided, choice);
      underWay.set(keyOf(decided), sent);
      return sent.finally(() => underWay.delete(keyOf(decided)));
    },
    async undo() {
      const newest = store.getState().done.findLast((one) => one.state !== 'undoing');
      if (newest === undefined) return null;
      store.setState((state) => mark(state, keyOf(newest), { state: 'undoing' }));
      const sent = await (underWay.get(keyOf(newest)) ?? true);
      const present = store.getState().done.find((one) => keyOf(one) === keyOf(newest));
      if (!sent || present === undefined || present.version === null) return null;
      // The answer of its sending may have come meanwhile and called it done.
      store.setState((state) => mark(state, keyOf(newest), { state: 'undoing' }));
      return sendUndo(present, present.version);
    },
    dismiss(refusal: Refusal): void {
      store.setState(({ refusals }) => ({ refusals: refusals.filter((one) => one !== refusal) }));
    },
  });
}
