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
  useEffect(() => {
    const element = scroller.current;
    const onScroll = (): void => {
      if (element !== null && element.scrollTop < rowHeight) setCount(0);
    };
    element?.addEventListener('scroll', onScroll, { passive: true });
    return () => element?.removeEventListener('scroll', onScroll);
  }, [scroller, rowHeight]);
  return { count, show: () => scroller.current?.scrollTo({ top: 0 }) };
}
