import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { PagedStore } from '../paged-rows.ts';
import { Bones } from './bones.tsx';
import { ErrorState } from './error-state.tsx';
import parts from './parts.module.css';
import { useFormat } from './use-format.ts';
import { useListFocus } from './use-list-focus.ts';
import type { RowChoice } from './use-list-keys.ts';
import { VirtualTable, type Column } from './virtual-table.tsx';

const rowHeight = 32;

/** A list of any length that is fetched by pages, in each of its states. */
export function PagedList<T, Extra>(props: {
  id: string;
  label: string;
  store: PagedStore<T, Extra>;
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  choice?: RowChoice;
  /** What stands in the place of no rows. */
  empty: ReactNode;
  onLook?: (first: number) => void;
  arrivedAbove?: (count: number) => string;
}): ReactNode {
  const { store, onLook } = props;
  const { count, rows, failure } = useStore(store);
  useListFocus(props.id, rows.length > 0);
  const told = useRef(onLook);
  useEffect(() => {
    told.current = onLook;
  });
  const look = useMemo(
    () => (first: number, last: number) => {
      store.look(first, last);
      told.current?.(first);
    },
    [store],
  );
  if (count === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void store.startOver()} />;
  if (count === null) return <Bones rows={14} height={rowHeight} head />;
  if (count === 0) return props.empty;
  return (
    <VirtualTable
      id={props.id}
      label={props.label}
      columns={props.columns}
      rows={rows}
      rowKey={props.rowKey}
      rowHeight={rowHeight}
      onLook={look}
      {...(props.choice === undefined ? {} : { choice: props.choice })}
      {...(props.arrivedAbove === undefined ? {} : { arrivedAbove: props.arrivedAbove })}
    />
  );
}

/** How many rows a list has; nothing while that is not known. */
export function RowCount<T, Extra>({ store }: { store: PagedStore<T, Extra> }): ReactNode {
  const format = useFormat();
  const count = useStore(store, (state) => state.count);
  return <span className={parts.quiet}>{count === null ? '' : format.number(count)}</span>;
}

/** The chosen row as it is now, also once it has left the fetched pages. */
export function useChosen<T, Extra>(
  store: PagedStore<T, Extra>,
  keyOf: (row: T) => string,
): { choice: RowChoice; chosen: T | null } {
  const rows = useStore(store, (state) => state.rows);
  const [key, setKey] = useState<string | null>(null);
  const [kept, setKept] = useState<T | null>(null);
  const choice = useMemo(
    () => ({
      active: key,
      choose: (to: string | null) => {
        setKey(to);
        setKept(store.getState().rows.find((row) => row !== undefined && keyOf(row) === to) ?? null);
      },
    }),
    [key, store, keyOf],
  );
  return { choice, chosen: rows.find((row) => row !== undefined && keyOf(row) === key) ?? kept };
}
