/** A moment of an office's week. */
export interface LocalTime {
  /** HH:MM. */
  time: string;
  /** 1 for Monday. */
  weekday: number;
}

/** True within hours given as HH:MM; they may run over midnight. Equal ends are the whole day. */
export function isWithin(time: string, { from, to }: { from: string; to: string }): boolean {
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** The office's time of day, HH:MM. */
export function timeOf(now: number, zone: string): string {
  return localTime(now, zone).time;
}

const clocks = new Map<string, Intl.DateTimeFormat>();
const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The office's time of day and day of the week. */
export function localTime(now: number, zone: string): LocalTime {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    const written = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...written });
    clocks.set(zone, clock);
  }
  const parts = new Map(clock.formatToParts(now).map(({ type, value }) => [type, value]));
  const weekday = dayNames.indexOf(parts.get('weekday') ?? '') + 1;
  return { time: `${parts.get('hour')}:${parts.get('minute')}`, weekday };
}
