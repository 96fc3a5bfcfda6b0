import { useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { BoardRow } from '../../shared/contract/deals.ts';
import { useFromClock } from '../office-clock.ts';
import { arrangeBoard, placeRows, spotOf, type Arrangement, type Placed } from './arrange-board.ts';
import { WallTrouble } from './wall-trouble.tsx';
import { useWallFormat } from './wall-format.ts';
import { useWall } from './wall-store.ts';

/** How long each page of the lower places has its turn, in ms. */
const turnMs = 12_000;

interface Room {
  width: number;
  height: number;
  unit: number;
}

/** Today's standings, as large as the display allows. Rows slide to their new places. */
export function WallBoardView(): ReactNode {
  const { board } = useWall();
  const { data, failure } = useStore(board);
  const [ref, room] = useRoom();
  const rows = useMemo(() => placeRows(data?.board ?? []), [data?.board]);
  return (
    <main className="board" ref={ref}>
      {data === null && failure !== null && <WallTrouble failure={failure} />}
      {data === null && failure === null && <Waiting />}
      {data !== null && rows.length === 0 && <Nothing />}
      {room !== null && rows.length > 0 && <Rows rows={rows} room={room} />}
    </main>
  );
}

/** The room there is, in px, and the page's unit of type. */
function useRoom(): [React.RefObject<HTMLElement | null>, Room | null] {
  const ref = useRef<HTMLElement>(null);
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

function Rows({ rows, room }: { rows: readonly Placed[]; room: Room }): ReactNode {
  const { t } = useTranslation();
  const { clock } = useWall();
  const arranged = arrangeBoard(rows.length, room, room.unit);
  const { pages } = arranged;
  const page = useFromClock(clock, (now) => Math.floor(now / turnMs) % pages);
  const shown = rows.flatMap((placed, place) => {
    const spot = spotOf(place, page, arranged);
    return spot === null ? [] : [{ placed, spot, place }];
  });
  // Always in the same order in the document: an element that is moved there does not slide.
  const inDocument = [...shown].sort((a, b) => (a.placed.row.user_id < b.placed.row.user_id ? -1 : 1));
  return (
    <>
      <ol className="rows" data-columns={arranged.columns} aria-label={t('wall.today')}>
        {inDocument.map(({ placed, spot, place }) => (
          <Row
            key={placed.row.user_id}
            placed={placed}
            place={place}
            of={rows.length}
            style={styleOf(spot, arranged, room)}
          />
        ))}
      </ol>
      {pages > 1 && <PageMark page={page} arranged={arranged} count={rows.length} />}
    </>
  );
}

/** Between the columns, as a share of the room. */
const gap = 0.035;

function styleOf(
  spot: { column: 0 | 1; line: number },
  arranged: Arrangement,
  room: Room,
): React.CSSProperties {
  const width = arranged.columns === 2 ? (room.width * (1 - gap)) / 2 : room.width;
  const x = spot.column * (width + room.width * gap);
  return {
    width,
    height: arranged.rowHeight,
    fontSize: Math.min(arranged.rowHeight * 0.118, room.unit * 1.35),
    transform: `translate(${x}px, ${spot.line * arranged.rowHeight}px)`,
  };
}

/** Names longer than this are set smaller, in two lines. */
const longName = 22;

function Row(props: { placed: Placed; place: number; of: number; style: React.CSSProperties }): ReactNode {
  const format = useWallFormat();
  const { row, rank, share } = props.placed;
  const moved = useMoved(row);
  return (
    <li
      className="row"
      style={props.style}
      aria-posinset={props.place + 1}
      aria-setsize={props.of}
      data-podium={(rank <= 3 && row.deals > 0) || undefined}
      data-idle={row.deals === 0 || undefined}
    >
      <span className="share" style={{ transform: `scaleX(${share})` }} />
      {moved > 0 && <span className="moved" key={moved} />}
      <span className="rank">{rank}</span>
      <bdi className="name" data-long={row.name.length > longName || undefined}>
        {row.name}
      </bdi>
      <span className="deals">{format.number(row.deals)}</span>
      <span className="money">{format.money(Math.round(row.commission))}</span>
    </li>
  );
}

/** Rises whenever the row's deals changed while it was on the wall. */
function useMoved(row: BoardRow): number {
  const [seen, setSeen] = useState({ deals: row.deals, times: 0 });
  if (seen.deals !== row.deals) setSeen({ deals: row.deals, times: seen.times + 1 });
  return seen.times;
}

function PageMark(props: { page: number; arranged: Arrangement; count: number }): ReactNode {
  const { t } = useTranslation();
  const { fixed, turning } = props.arranged;
  const from = fixed + props.page * turning + 1;
  const to = Math.min(from + turning - 1, props.count);
  return <p className="page">{t('wall.page', { from, to, count: props.count })}</p>;
}

function Waiting(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="waiting" role="status" aria-label={t('wall.loading')}>
      {Array.from({ length: 6 }, (_, index) => (
        <span className="bone" key={index} />
      ))}
    </div>
  );
}

function Nothing(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="nothing">
      <p>{t('wall.empty')}</p>
      <p className="next">{t('wall.emptyNext')}</p>
    </div>
  );
}
