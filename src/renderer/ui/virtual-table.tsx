import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, type CSSProperties, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './table.module.css';
import { useKeptPosition } from './use-kept-position.ts';
import { useListEnd, type ListEnd } from './use-list-end.ts';
import { useListKeys, type RowChoice } from './use-list-keys.ts';

export interface Column<T> {
  readonly key: string;
  readonly label: string;
  /** A CSS grid track. */
  readonly width: string;
  readonly align?: 'end';
  readonly sortable?: boolean;
  cell(row: T, index: number): ReactNode;
}

export interface Sorting {
  readonly by: string;
  readonly direction: 'ascending' | 'descending';
}

export interface VirtualTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  /** A place without a row is one not fetched yet. */
  readonly rows: readonly (T | undefined)[];
  readonly rowKey: (row: T) => string;
  readonly rowHeight: number;
  readonly headless?: boolean;
  readonly sorting?: Sorting;
  readonly onSort?: (column: string) => void;
  readonly onLook?: (first: number, last: number) => void;
  readonly isArrived?: (row: T) => boolean;
  /** Words for rows that came in above while a person was reading further down. */
  readonly arrivedAbove?: (count: number) => string;
  /** Which row is chosen, where the screen knows it; brought into view whenever it is another one. */
  readonly choice?: RowChoice;
  /** The chosen row's place, or the place that is about to be chosen. */
  readonly choiceIndex?: number;
  /** Its rows come in at the end, the oldest first. */
  readonly end?: ListEnd;
  /** An id by which the list can be given the focus. */
  readonly id?: string;
}

const nothing: readonly undefined[] = [];
/** Rows drawn beyond each edge of the view. */
const overscan = 4;

/** A list of any length: only rows in view are drawn, j/k and arrows move, headings sort. */
export function VirtualTable<T>(props: VirtualTableProps<T>): ReactNode {
  const { rows, rowKey, rowHeight, onLook } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const own = useId();
  const headHeight = props.headless === true ? 0 : 30;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    paddingStart: 0,
    scrollPaddingStart: headHeight,
  });
  const keys = useListKeys(rows, rowKey, (index) => virtual.scrollToIndex(index), props.choice);
  const keepsPosition = props.arrivedAbove !== undefined;
  const above = useKeptPosition(scroller, keepsPosition ? rows : nothing, rowKey, rowHeight);
  useListEnd(scroller, rows, rowKey, rowHeight, props.end);
  const items = virtual.getVirtualItems();
  // A row that leaves the view hands its elements on to one that comes: while scrolling nothing is made or thrown away.
  // One that has just arrived keeps its own, which are lit up once.
  const slots = Math.ceil((virtual.scrollRect?.height ?? 0) / rowHeight) + 1 + 2 * overscan;
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => onLook?.(first, last), [onLook, first, last, rows]);
  const { choice, choiceIndex } = props;
  const active = choice?.active;
  useEffect(() => {
    if (active !== undefined && choiceIndex !== undefined) virtual.scrollToIndex(choiceIndex);
    // oxlint-disable-next-line react/exhaustive-deps -- a row that only moved leaves the view where it is
  }, [active]);
  const tracks: CSSProperties = {
    gridTemplateColumns: props.columns.map((column) => column.width).join(' '),
  };
  return (
    <div className={css.frame}>
      {above.count > 0 && props.arrivedAbove !== undefined ? (
        <button type="button" className={css.above} onClick={above.show}>
          {props.arrivedAbove(above.count)}
        </button>
      ) : null}
      <div
        ref={scroller}
        id={props.id}
        className={css.table}
        role="grid"
        tabIndex={0}
        aria-label={props.label}
        aria-rowcount={rows.length + (props.headless === true ? 0 : 1)}
        aria-activedescendant={keys.active === null ? undefined : `${own}-${keys.active}`}
        onKeyDown={keys.onKeyDown}
        data-list
      >
        {props.headless === true ? null : <Head {...props} tracks={tracks} />}
        <div className={css.body} style={{ height: virtual.getTotalSize() }} role="rowgroup">
          {items.map((item) => {
            const row = rows[item.index];
            const key = row === undefined ? `gap-${item.index}` : rowKey(row);
            const arrived = row !== undefined && props.isArrived?.(row) === true;
            return (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are the grid's (use-list-keys.ts)
              <div
                key={arrived ? key : item.index % slots}
                id={`${own}-${key}`}
                role="row"
                aria-rowindex={item.index + (props.headless === true ? 1 : 2)}
                aria-selected={key === keys.active}
                className={arrived ? `${css.row} ${css.arrived}` : css.row}
                style={{ ...tracks, height: rowHeight, transform: `translateY(${item.start}px)` }}
                onClick={() => keys.choose(key)}
              >
                {row === undefined ? null : <Cells columns={props.columns} row={row} index={item.index} />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Cells<T>(props: { columns: readonly Column<T>[]; row: T; index: number }): ReactNode {
  return props.columns.map((column) => (
    <div
      key={column.key}
      role="gridcell"
      className={column.align === 'end' ? `${css.cell} ${css.end}` : css.cell}
    >
      {column.cell(props.row, props.index)}
    </div>
  ));
}

function Head<T>(props: VirtualTableProps<T> & { tracks: CSSProperties }): ReactNode {
  const { t } = useTranslation();
  const { sorting, onSort } = props;
  return (
    <div className={css.head} style={props.tracks} role="row" aria-rowindex={1}>
      {props.columns.map((column) => {
        const active = sorting?.by === column.key;
        const Arrow = sorting?.direction === 'ascending' ? IconArrowUp : IconArrowDown;
        const className = column.align === 'end' ? `${css.cell} ${css.end}` : css.cell;
        if (column.sortable !== true || onSort === undefined) {
          return (
            <div key={column.key} role="columnheader" className={className} title={column.label}>
              {column.label}
            </div>
          );
        }
        return (
          <div
            key={column.key}
            role="columnheader"
            className={className}
            aria-sort={active ? sorting.direction : 'none'}
          >
            <button
              type="button"
              className={css.sort}
              data-active={active}
              title={t('table.sortBy', { column: column.label })}
              onClick={() => onSort(column.key)}
            >
              {column.label}
              {active ? <Arrow size={12} stroke={2.5} aria-hidden /> : null}
            </button>
          </div>
        );
      })}
    </div>
  );
}
