import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

/** Keeps what a person reads in place when rows come in above; tells how many came since. */
export function useKeptPosition<T>(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly (T | undefined)[],
  rowKey: (row: T) => string,
  rowHeight: number,
): { count: number; show: () => void } {
  const top = useRef<string | null>(null);
  const [count, setCount] = useState(0);
  const first = rows[0];
  useLayoutEffect(() => {
    const former = top.current;
    top.current = first === undefined ? null : rowKey(first);
    const element = scroller.current;
    if (element === null || former === null || former === top.current || element.scrollTop < rowHeight)
      return;
    const moved = rows.findIndex((row) => row !== undefined && rowKey(row) === former);
    if (moved <= 0) return;
    element.scrollTop += moved * rowHeight;
    setCount((before) => before + moved);
  }, [rows, first, rowKey, rowHeight, scroller]);
  // Only while something is to be told: reading the position in every scroll event makes the page lay itself out then.
  const isTold = count > 0;
  useEffect(() => {
    const element = isTold ? scroller.current : null;
    const onScroll = (): void => {
      if (element !== null && element.scrollTop < rowHeight) setCount(0);
    };
    element?.addEventListener('scroll', onScroll, { passive: true });
    return () => element?.removeEventListener('scroll', onScroll);
  }, [scroller, rowHeight, isTold]);
  return { count, show: () => scroller.current?.scrollTo({ top: 0 }) };
}
