import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

/** How a list that grows at its end behaves. */
export interface ListEnd {
  /** The last row stays in view. */
  readonly follow: boolean;
  /** Told when a person scrolls away from the end. */
  onLeave(): void;
  /** Told when the first rows come into view. */
  onTop(): void;
}

/** Rows from the edge that still count as the edge. */
const nearEnd = 2;
const nearTop = 20;

/** Keeps the end of a list in view, or else what a person reads where it is though rows come in above. */
export function useListEnd<T>(
  scroller: RefObject<HTMLDivElement | null>,
  rows: readonly (T | undefined)[],
  rowKey: (row: T) => string,
  rowHeight: number,
  end: ListEnd | undefined,
): void {
  const top = useRef<string | null>(null);
  const first = rows[0];
  const follow = end?.follow === true;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (end === undefined || element === null) return;
    const former = top.current;
    top.current = first === undefined ? null : rowKey(first);
    if (follow) element.scrollTop = element.scrollHeight;
    else if (former !== null && former !== top.current) {
      const moved = rows.findIndex((row) => row !== undefined && rowKey(row) === former);
      if (moved > 0) element.scrollTop += moved * rowHeight;
    }
  }, [scroller, rows, first, rowKey, rowHeight, end, follow]);
  useEffect(() => {
    const element = end === undefined ? null : scroller.current;
    const onScroll = (): void => {
      if (element === null || end === undefined) return;
      const below = element.scrollHeight - element.clientHeight - element.scrollTop;
      if (end.follow && below > nearEnd * rowHeight) end.onLeave();
      if (element.scrollTop < nearTop * rowHeight) end.onTop();
    };
    element?.addEventListener('scroll', onScroll, { passive: true });
    return () => element?.removeEventListener('scroll', onScroll);
  }, [scroller, rowHeight, end]);
}
