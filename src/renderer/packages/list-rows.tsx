import { IconSearchOff } from '@tabler/icons-react';
import { useEffect, useMemo, useState, type ComponentType, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { PagedStore } from '../paged-rows.ts';
import { Bones } from '../ui/bones.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { useFormat } from '../ui/use-format.ts';
import { useListFocus } from '../ui/use-list-focus.ts';
import type { RowChoice } from '../ui/use-list-keys.ts';
import { VirtualTable, type Column } from '../ui/virtual-table.tsx';
import css from './packages.module.css';

export const rowHeight = 32;

/** A list of packages in each of its states; it asks anew when it is opened. */
export function ListRows<T, Extra>(props: {
  id: string;
  label: string;
  store: PagedStore<T, Extra>;
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  choice?: RowChoice;
  /** True where a search or a filter leaves rows out. */
  filtered: boolean;
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  empty: { title: string; text: string };
}): ReactNode {
  const { t } = useTranslation();
  const { store, empty } = props;
  const { count, rows, failure } = useStore(store);
  useEffect(() => void store.startOver(), [store]);
  useListFocus(props.id, rows.length > 0);
  if (count === null && failure !== null)
    return <ErrorState failure={failure} onRetry={() => void store.startOver()} />;
  if (count === null) return <Bones rows={14} height={rowHeight} head />;
  if (count === 0)
    return props.filtered ? (
      <EmptyState icon={IconSearchOff} title={t('packages.noHits')}>
        {t('packages.noHitsText')}
      </EmptyState>
    ) : (
      <EmptyState icon={props.icon} title={empty.title}>
        {empty.text}
      </EmptyState>
    );
  return (
    <VirtualTable
      id={props.id}
      label={props.label}
      columns={props.columns}
      rows={rows}
      rowKey={props.rowKey}
      rowHeight={rowHeight}
      onLook={store.look}
      {...(props.choice === undefined ? {} : { choice: props.choice })}
    />
  );
}

/** How many rows a list has. */
export function RowCount<T, Extra>({ store }: { store: PagedStore<T, Extra> }): ReactNode {
  const format = useFormat();
  const count = useStore(store, (state) => state.count);
  return <span className={css.quiet}>{count === null ? '' : format.number(count)}</span>;
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

/** One of a few, as pressed buttons. */
export function Chips<Name extends string>(props: {
  label: string;
  names: readonly Name[];
  chosen: Name;
  onChoose: (name: Name) => void;
  children: (name: Name) => ReactNode;
}): ReactNode {
  return (
    <div className={css.chips} role="group" aria-label={props.label}>
      {props.names.map((name) => (
        <button
          key={name}
          type="button"
          className={css.chip}
          aria-pressed={props.chosen === name}
          onClick={() => props.onChoose(name)}
        >
          {props.children(name)}
        </button>
      ))}
    </div>
  );
}
