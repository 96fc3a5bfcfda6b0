import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  mergedByDefault,
  type DuplicateAction,
  type DuplicateCase,
  type DuplicateField,
  type PendingDuplicate,
} from '../../shared/contract/duplicates.ts';
import { createCaseStore, type CaseStore } from './case-store.ts';
import { createDecisions, type DecisionCalls, type DecisionsStore } from './decisions.ts';
import { createPendingList, type PendingList } from './pending-list.ts';

/** What a person has before them in the queue. */
export interface Queue {
  readonly search: string;
  /** The case shown; it stays shown when somebody else closes it. */
  readonly chosen: PendingDuplicate | null;
  /** Its place in the list, or the place that the next one takes. */
  readonly place: number;
  /** The chosen case became another version while it was looked at. */
  readonly changed: boolean;
  /** Fields that a merge under way would take over; null while none is. */
  readonly merging: readonly DuplicateField[] | null;
  /** Notes not yet sent, by case: walking on and back keeps them. */
  readonly notes: Readonly<Record<number, string>>;
}

export interface QueueCalls extends DecisionCalls {
  pending(page: { limit: number; offset: number; search?: string }): Promise<{
    readonly pending: readonly PendingDuplicate[];
    readonly count: number;
  }>;
}

export interface QueueStore extends StoreApi<Queue> {
  readonly list: PendingList;
  readonly shown: CaseStore;
  readonly decisions: DecisionsStore;
  /** Shows a case of the list. */
  choose(id: number): void;
  /** Shows the next case without deciding; after the last, the first again. */
  next(): void;
  setSearch(search: string): void;
  setNote(id: number, note: string): void;
  /** Decides the chosen case: it leaves the list at once and the next is chosen; refused, it comes back. */
  decide(action: DuplicateAction, fields?: readonly DuplicateField[]): Promise<void>;
  /** Begins to choose what a merge takes over; nothing without an earlier deal. */
  startMerge(): void;
  toggleField(field: DuplicateField): void;
  cancelMerge(): void;
  /** Takes back the newest decision of this window and shows its case again. */
  undo(): Promise<void>;
  /** Leaves out cases decided in another way, until main no longer lists them. */
  leaveOut(cases: readonly { id: number; version: number }[]): void;
}

/** True when nothing more can be decided: the case was closed meanwhile, by whomever. */
export function isClosed(chosen: PendingDuplicate | null, shown: DuplicateCase | null): boolean {
  return chosen !== null && shown?.duplicate.id === chosen.id && shown.status !== 'pending';
}

/** The fields a merge of this case takes over unless somebody chooses otherwise: the default ones that differ. */
export function fieldsToMerge(duplicate: PendingDuplicate): readonly DuplicateField[] {
  return duplicate.differs.filter((field) => mergedByDefault.includes(field));
}

/** The fields chosen after one was taken in or left out, in the order of the case. */
export function toggleField(
  duplicate: PendingDuplicate,
  fields: readonly DuplicateField[],
  field: DuplicateField,
): readonly DuplicateField[] {
  const wanted = new Set(fields);
  if (!wanted.delete(field)) wanted.add(field);
  return duplicate.differs.filter((one) => wanted.has(one));
}

/** The queue of one window on the calls of main. */
export function createQueue(calls: QueueCalls, options: { pauseMs?: number } = {}): QueueStore {
  const store = createStore<Queue>(() => ({
    search: '',
    chosen: null,
    place: 0,
    changed: false,
    merging: null,
    notes: {},
  }));
  const shown = createCaseStore((id) => calls.case(id), options.pauseMs);
  const list = createPendingList(
    (page) => calls.pending(page),
    () => store.getState().search,
  );
  const decisions = createDecisions(calls, list);

  function show(duplicate: PendingDuplicate | null, place: number): void {
    store.setState({ chosen: duplicate, place, changed: false, merging: null });
    shown.show(duplicate?.id ?? null);
    const next = list.rows.getState().rows[place + 1];
    if (duplicate !== null && next !== undefined) shown.prepare(next.id);
  }

  /** Takes what a fetch brought: the chosen case in its newest version, or a first one to choose. */
  function settle(): void {
    const { rows, stale } = list.rows.getState();
    const { chosen, place, merging } = store.getState();
    if (stale) return;
    if (chosen === null) {
      const at = Math.min(place, rows.length - 1);
      const row = rows[at];
      if (row !== undefined) show(row, at);
      return;
    }
    const index = list.indexOf(chosen.id);
    const row = rows[index];
    if (row === undefined || (row === chosen && index === place)) return;
    const isNew = row.version !== chosen.version;
    store.setState({
      chosen: row,
      place: index,
      ...(isNew ? { changed: true, merging: merging === null ? null : fieldsToMerge(row) } : {}),
    });
  }
  list.rows.subscribe((now, former) => {
    if (now.rows !== former.rows) settle();
  });

  /** The chosen case where something can still be decided about it. */
  function decidable(): PendingDuplicate | null {
    const { chosen } = store.getState();
    return isClosed(chosen, shown.getState().data) ? null : chosen;
  }

  return Object.assign(store, {
    list,
    shown,
    decisions,
    choose(id: number): void {
      const index = list.indexOf(id);
      const row = list.rows.getState().rows[index];
      if (row !== undefined && store.getState().chosen?.id !== id) show(row, index);
    },
    next(): void {
      const { rows } = list.rows.getState();
      const { chosen, place } = store.getState();
      if (chosen === null || rows.length === 0) return;
      const at = list.indexOf(chosen.id);
      const to = (at < 0 ? place : at + 1) % rows.length;
      // A row not fetched yet is chosen once it is there.
      show(rows[to] ?? null, to);
    },
    setSearch(search: string): void {
      if (search === store.getState().search) return;
      store.setState({ search });
      show(null, 0);
      void list.rows.startOver();
    },
    setNote(id: number, note: string): void {
      store.setState(({ notes }) => ({ notes: { ...notes, [id]: note } }));
    },
    async decide(action: DuplicateAction, fields?: readonly DuplicateField[]): Promise<void> {
      const duplicate = decidable();
      if (duplicate === null) return;
      if (action === 'merge' && (duplicate.existing === null || fields?.length === 0)) return;
      const { place, notes } = store.getState();
      const found = list.indexOf(duplicate.id);
      const index = found < 0 ? place : found;
      // First nothing is chosen, so that the list, once the case has left it, chooses what took its place.
      store.setState({ chosen: null, place: index, changed: false, merging: null });
      const sent = decisions.decide(duplicate, index, { action, note: notes[duplicate.id], fields });
      settle();
      if (store.getState().chosen === null) shown.show(null);
      if (!(await sent)) return;
      store.setState(({ notes: { [duplicate.id]: _sent, ...others } }) => ({ notes: others }));
    },
    startMerge(): void {
      const duplicate = decidable();
      if (duplicate === null || duplicate.existing === null) return;
      store.setState({ merging: fieldsToMerge(duplicate) });
    },
    toggleField(field: DuplicateField): void {
      store.setState(({ chosen, merging }) =>
        merging === null || chosen === null ? {} : { merging: toggleField(chosen, merging, field) },
      );
    },
    cancelMerge: () => store.setState({ merging: null }),
    async undo(): Promise<void> {
      const again = await decisions.undo();
      if (again === null) return;
      const index = list.indexOf(again.duplicate.id);
      show(again.duplicate, index < 0 ? again.index : index);
    },
    leaveOut(cases: readonly { id: number; version: number }[]): void {
      const { chosen, place } = store.getState();
      if (cases.some((one) => one.id === chosen?.id)) show(null, place);
      list.hide(cases);
    },
  });
}
