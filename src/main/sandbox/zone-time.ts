const DAY = 86_400_000;
const QUARTER_HOUR = 900_000;

/** Calendar arithmetic of one time zone. A day is its number: days since 1970-01-01 of the zone's calendar. */
export interface ZoneTime {
  readonly timeZone: string;
  /** Milliseconds to add to UTC to get the wall clock at this instant. */
  offsetAt(instant: number): number;
  dayOf(instant: number): number;
  /** The first instant of a day, also where daylight saving begins or ends that day. */
  startOfDay(day: number): number;
  /** The instant of a wall time given as if it were UTC; in an hour that occurs twice, the first. */
  instantOfWall(wallAsUtc: number): number;
}

/** Builds the arithmetic of a zone; throws a RangeError for an unknown zone. */
export function createZoneTime(timeZone: string): ZoneTime {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Offsets change at most on a quarter of an hour; asking Intl for each of 100 000 stamps would take a second.
  const offsets = new Map<number, number>();
  const offsetAt = (instant: number) => {
    const quarter = Math.floor(instant / QUARTER_HOUR);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = readOffset(format, quarter * QUARTER_HOUR);
    if (offsets.size > 50_000) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  };
  const instantOfWall = (wall: number) => {
    const before = wall - offsetAt(wall - DAY);
    if (before + offsetAt(before) === wall) return before;
    const after = wall - offsetAt(wall + DAY);
    return after + offsetAt(after) === wall ? after : before;
  };
  return {
    timeZone,
    offsetAt,
    dayOf: (instant) => Math.floor((instant + offsetAt(instant)) / DAY),
    startOfDay: (day) => instantOfWall(day * DAY),
    instantOfWall,
  };
}

function readOffset(format: Intl.DateTimeFormat, instant: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(instant)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
}

/** `2026-11-22` of a day number. */
export function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Where a day stands in its month: day 1…31, how many days the month has, and its first day's number. */
export function placeInMonth(day: number): { dayOfMonth: number; daysInMonth: number; firstDay: number } {
  const date = new Date(day * DAY);
  const dayOfMonth = date.getUTCDate();
  const daysInMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { dayOfMonth, daysInMonth, firstDay: day - dayOfMonth + 1 };
}
