import { useCallback, useState, type KeyboardEvent } from 'react';

export interface ListKeys {
  /** Key of the row chosen; it stays chosen when rows move. */
  readonly active: string | null;
  choose(key: string): void;
  onKeyDown(event: KeyboardEvent): void;
}

/** How far each key moves through a list. */
export function moveInList(key: string, from: number, count: number): number | null {
  if (count === 0) return null;
  const to: Readonly<Record<string, number>> = {
    j: from + 1,
    ArrowDown: from + 1,
    k: from - 1,
    ArrowUp: from - 1,
    PageDown: from + 10,
    PageUp: from - 10,
    Home: 0,
    End: count - 1,
  };
  const wanted = to[key];
  if (wanted === undefined) return null;
  return Math.min(count - 1, Math.max(0, wanted));
}

/** j/k, arrows, page, Home and End over a list; Escape lets go. */
export function useListKeys<T>(
  rows: readonly (T | undefined)[],
  rowKey: (row: T) => string,
  show: (index: number) => void,
): ListKeys {
  const [active, setActive] = useState<string | null>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && active !== null) return setActive(null);
    const from = rows.findIndex((row) => row !== undefined && rowKey(row) === active);
    const to = moveInList(event.key, from, rows.length);
    if (to === null) return;
    event.preventDefault();
    const row = rows[to];
    if (row !== undefined) setActive(rowKey(row));
    show(to);
  };
  const choose = useCallback((key: string) => setActive(key), []);
  return { active, choose, onKeyDown };
}
