/** Hours of the office's day given as HH:MM. */
export interface QuietHours {
  from: string;
  to: string;
}

/** True within the hours; they may run over midnight. Equal ends are the whole day. */
export function isQuiet(time: string, quiet: QuietHours | null): boolean {
  if (quiet === null) return false;
  const { from, to } = quiet;
  return from < to ? time >= from && time < to : time >= from || time < to;
}

/** The office's time of day as HH:MM. */
export function timeOfDay(now: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, hour: '2-digit', minute: '2-digit' }).format(now);
}
