import { IconSeedling, IconStarFilled, IconTrendingUp } from '@tabler/icons-react';
import {
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type ReactNode,
  type RefObject,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { FairFacts } from '../../shared/contract/boards.ts';
import type { BoardRow } from '../../shared/contract/deals.ts';
import { countNamed, markBoard, type FairMarks } from '../../shared/fair-board.ts';
import type { WallMetric } from '../../shared/contract/wall-plan.ts';
import type { Format } from '../i18n/format.ts';
import { useFromClock } from '../office-clock.ts';
import { arrangeBoard, placeRows, spotOf, turnNote, type Arrangement, type Placed } from './arrange-board.ts';
import { useWallFormat } from './wall-format.ts';
import { useWall } from './wall-store.ts';

/** How long each page of the lower places has its turn, in ms. */
const turnMs = 12_000;

interface Room {
  width: number;
  height: number;
  unit: number;
}

/** Standings, as large as the display allows. Rows slide to their new places. */
export function WallBoardView(props: {
  rows: readonly BoardRow[];
  /** By what rows are marked, and how many of the last are not named; null: rows are not agents. */
  fair: FairFacts | null;
  metric: WallMetric;
  label: string;
  /** What is said where nobody sold anything. */
  empty: string;
}): ReactNode {
  const [ref, room] = useRoom();
  const all = useMemo(() => placeRows(props.rows, props.metric), [props.rows, props.metric]);
  const { fair } = props;
  const marks = useMemo(
    () => (fair === null ? new Map<string, FairMarks>() : markBoard(props.rows, fair)),
    [props.rows, fair],
  );
  const named = countNamed(
    all.map(({ rank }) => rank),
    fair?.hide_last ?? 0,
  );
  const rows = named === all.length ? all : all.slice(0, named);
  return (
    <div className="fill" ref={ref}>
      {rows.length === 0 && <Nothing words={props.empty} />}
      {room !== null && rows.length > 0 && (
        <Rows {...props} rows={rows} rest={all.length - named} marks={marks} room={room} />
      )}
    </div>
  );
}

/** The room there is, in px, and the page's unit of type. */
function useRoom(): [RefObject<HTMLDivElement | null>, Room | null] {
  const ref = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState<Room | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => {
      const unit = parseFloat(getComputedStyle(element).fontSize);
      setRoom({ width: element.clientWidth, height: element.clientHeight, unit });
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  return [ref, room];
}

function Rows(props: {
  rows: readonly Placed[];
  /** How many more there are that are not named. */
  rest: number;
  marks: ReadonlyMap<string, FairMarks>;
  room: Room;
  metric: WallMetric;
  label: string;
}): ReactNode {
  const { rows, room, metric, rest, marks } = props;
  const { clock } = useWall();
  const format = useWallFormat();
  const arranged = arrange(rows.length, room, rest > 0);
  const { pages } = arranged;
  const page = useFromClock(clock, (now) => Math.floor(now / turnMs) % pages);
  const shown = rows.flatMap((placed, place) => {
    const spot = spotOf(place, page, arranged);
    return spot === null ? [] : [{ placed, spot, place }];
  });
  // One width for all, so that the amounts stand in a column though each row is laid out alone.
  const widest = Math.max(...shown.map(({ placed }) => figuresOf(placed.row, metric, format).small.length));
  const biggest = Math.max(...shown.map(({ placed }) => figuresOf(placed.row, metric, format).big.length));
  const longest = Math.max(...shown.map(({ placed }) => placed.row.name.length));
  const fontSize = typeOf(arranged, room, { widest, biggest, longest });
  const isTall = arranged.rowHeight > fontSize * tallRow;
  const lines = Math.max(2, Math.min(3, Math.floor((arranged.rowHeight * 0.85) / (fontSize * nameLine))));
  // Always in the same order in the document: an element that is moved there does not slide.
  const inDocument = [...shown].sort((a, b) => (a.placed.row.user_id < b.placed.row.user_id ? -1 : 1));
  return (
    <>
      <ol
        className="rows"
        data-columns={arranged.columns}
        data-marks={marks.size === 0 ? undefined : isTall ? 'tall' : 'low'}
        aria-label={props.label}
      >
        {inDocument.map(({ placed, spot, place }) => (
          <Row
            key={placed.row.user_id}
            placed={placed}
            place={place}
            of={rows.length}
            columns={arranged.columns}
            metric={metric}
            marks={marks.get(placed.row.user_id)}
            style={
              {
                ...styleOf(spot, arranged, room),
                fontSize,
                '--widest': widest,
                '--lines': lines,
                '--mark-lines': isTall ? 2 : 1,
              } as CSSProperties
            }
          />
        ))}
      </ol>
      {(pages > 1 || rest > 0) && (
        <PageMark page={pages > 1 ? page : null} arranged={arranged} count={rows.length} rest={rest} />
      )}
    </>
  );
}

/** Leaves room for the note about the rest, where there is one; turns have it anyway. */
function arrange(count: number, room: Room, notes: boolean): Arrangement {
  const arranged = arrangeBoard(count, room, room.unit);
  if (!notes || arranged.pages > 1) return arranged;
  return arrangeBoard(count, { ...room, height: room.height - turnNote * room.unit }, room.unit);
}

/** A row of this height, in its own em, has room for a second line of marks. */
const tallRow = 11;

/** Between the columns, as a share of the room. */
const gap = 0.035;

function widthOf(arranged: Arrangement, room: Room): number {
  return arranged.columns === 2 ? (room.width * (1 - gap)) / 2 : room.width;
}

function styleOf(spot: { column: 0 | 1; line: number }, arranged: Arrangement, room: Room): CSSProperties {
  const width = widthOf(arranged, room);
  const x = spot.column * (width + room.width * gap);
  return {
    width,
    height: arranged.rowHeight,
    transform: `translate(${x}px, ${spot.line * arranged.rowHeight}px)`,
  };
}

/** Letters that the name's usual size has room for, and its smaller one; still longer names take two lines. */
const roomForName = { 1: { usual: 24, smaller: 31 }, 2: { usual: 16, smaller: 20 } } as const;
/** Widths of a letter and of a digit in their own em, and of all that is not a name or an amount in the row's. */
const letter = 0.66;
const digit = 0.62;
const besides = 13.3;
/** Sizes of the figure that the board is about: a count, or a longer amount. */
const bigSize = { count: 5.4, amount: 4.2 } as const;
const longestCount = 4;
/** Height of a line of a name that takes several, in the row's em; sizes as in the style sheet. */
const nameLine = 2.7 * 1.12;

/** Largest em of a row, in units. */
const mostType = 2.2;

/** The row's em in px: as large as its height and width bear. */
function typeOf(
  arranged: Arrangement,
  room: Room,
  { widest, biggest, longest }: { widest: number; biggest: number; longest: number },
): number {
  const { columns, rowHeight } = arranged;
  const [nameSize, amountSize] = columns === 2 ? [4.1, 3.1] : [4.6, 3.5];
  const name = Math.min(longest, roomForName[columns].usual) * nameSize * letter;
  const big = Math.max(2, biggest) * (biggest > longestCount ? bigSize.amount : bigSize.count) * digit;
  const needed = besides + name + big + widest * amountSize * digit;
  return Math.min(rowHeight * 0.118, room.unit * mostType, widthOf(arranged, room) / needed);
}

/** What a row says: what the board is about, and beside it smaller what goes with that. */
function figuresOf(row: BoardRow, metric: WallMetric, format: Format): { big: string; small: string } {
  const money = format.money(Math.round(row.commission));
  switch (metric) {
    case 'deals':
      return { big: format.number(row.deals), small: money };
    case 'commission':
      return { big: money, small: format.number(row.deals) };
    case 'sms':
      return { big: format.number(row.sms), small: format.number(row.deals) };
    case 'conversion':
      return {
        big: row.conversion === null ? '–' : format.rate(row.conversion),
        small: format.number(row.deals),
      };
  }
}

/** How a name of this length is set. */
function sizeOfName(name: string, columns: 1 | 2): 'smaller' | 'two-lines' | undefined {
  const fits = roomForName[columns];
  if (name.length <= fits.usual) return undefined;
  return name.length <= fits.smaller ? 'smaller' : 'two-lines';
}

function Row(props: {
  placed: Placed;
  place: number;
  of: number;
  columns: 1 | 2;
  metric: WallMetric;
  marks: FairMarks | undefined;
  style: CSSProperties;
}): ReactNode {
  const format = useWallFormat();
  const { row, rank, share } = props.placed;
  const moved = useMoved(row);
  const { big, small } = figuresOf(row, props.metric, format);
  return (
    <li
      className="row"
      style={props.style}
      aria-posinset={props.place + 1}
      aria-setsize={props.of}
      data-podium={(rank <= 3 && share > 0) || undefined}
      data-idle={share === 0 || undefined}
    >
      {moved > 0 && <span className="moved" key={moved} />}
      <span className="rank">{rank}</span>
      <div className="person" data-marked={props.marks !== undefined || undefined}>
        <bdi className="name" data-size={sizeOfName(row.name, props.columns)}>
          {row.name}
        </bdi>
        {props.marks !== undefined && <Marks {...props.marks} />}
      </div>
      <span className="deals" data-amount={big.length > longestCount || undefined}>
        {big}
      </span>
      <span className="money">{small}</span>
      <span className="share" style={{ transform: `scaleX(${share})` }} />
    </li>
  );
}

/** What is to be said for an agent, in words: a colour alone says nothing. */
function Marks({ best, rise, rookie }: FairMarks): ReactNode {
  const { t } = useTranslation();
  const format = useWallFormat();
  return (
    <span className="marks">
      {best !== null && (
        <span>
          <IconStarFilled aria-hidden /> {t('fair.best')}
        </span>
      )}
      {rise !== null && (
        <span>
          <IconTrendingUp aria-hidden /> {t('fair.improved', { rise: format.number(rise) })}
        </span>
      )}
      {rookie && (
        <span>
          <IconSeedling aria-hidden /> {t('fair.rookie')}
        </span>
      )}
    </span>
  );
}

/** Rises whenever the row's deals changed while it was on the wall. */
function useMoved(row: BoardRow): number {
  const [seen, setSeen] = useState({ deals: row.deals, times: 0 });
  if (seen.deals !== row.deals) setSeen({ deals: row.deals, times: seen.times + 1 });
  return seen.times;
}

/** Which places have their turn, and how many more there are that are not named. */
function PageMark(props: {
  page: number | null;
  arranged: Arrangement;
  count: number;
  rest: number;
}): ReactNode {
  const { t } = useTranslation();
  const { page, count, rest } = props;
  const { fixed, turning } = props.arranged;
  const from = fixed + (page ?? 0) * turning + 1;
  const to = Math.min(from + turning - 1, count);
  const turn = page === null ? [] : [t('wall.page', { from, to, count })];
  const more = rest === 0 ? [] : [t('fair.rest', { count: rest })];
  return <p className="page">{[...turn, ...more].join(' · ')}</p>;
}

function Nothing({ words }: { words: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="nothing">
      <p>{words}</p>
      <p className="next">{t('wall.emptyNext')}</p>
    </div>
  );
}
