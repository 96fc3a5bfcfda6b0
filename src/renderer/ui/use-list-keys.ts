import { useCallback, useEffect, useState, type KeyboardEvent } from 'react';

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

/** The row a move starts from: the place last gone to while its row is still being fetched, else the chosen row. */
export function startOfMove<T>(
  rows: readonly (T | undefined)[],
  rowKey: (row: T) => string,
  active: string | null,
  awaited: number | null,
): number {
  if (awaited !== null) return awaited;
  return rows.findIndex((row) => row !== undefined && rowKey(row) === active);
}

/** Who else knows which row is chosen, where a screen shows more of it. */
export interface RowChoice {
  readonly active: string | null;
  /** Null lets go. */
  choose(key: string | null): void;
}

/** j/k, arrows, page, Home and End over a list; Escape lets go. */
export function useListKeys<T>(
  rows: readonly (T | undefined)[],
  rowKey: (row: T) => string,
  show: (index: number) => void,
  choice?: RowChoice,
): ListKeys {
  const [own, setOwn] = useState<string | null>(null);
  const active = choice === undefined ? own : choice.active;
  const setActive = choice === undefined ? setOwn : choice.choose;
  const [awaited, setAwaited] = useState<number | null>(null);
  const arrived = awaited === null ? undefined : rows[awaited];
  useEffect(() => {
    if (arrived === undefined) return;
    setActive(rowKey(arrived));
    setAwaited(null);
    // oxlint-disable-next-line react/exhaustive-deps -- who is told does not matter, only what came
  }, [arrived, rowKey]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && active !== null) {
      setAwaited(null);
      return setActive(null);
    }
    const to = moveInList(event.key, startOfMove(rows, rowKey, active, awaited), rows.length);
    if (to === null) return;
    event.preventDefault();
    const row = rows[to];
    setAwaited(row === undefined ? to : null);
    if (row !== undefined) setActive(rowKey(row));
    show(to);
  };
  const choose = useCallback(
    (key: string) => {
      setAwaited(null);
      setActive(key);
    },
    [setActive],
  );
  return { active, choose, onKeyDown };
}
