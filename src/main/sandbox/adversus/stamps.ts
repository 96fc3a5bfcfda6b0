import { dayText, type ZoneTime } from '../zone-time.ts';
import type { AdversusSwitches } from './switches.ts';

const DAY = 86_400_000;
const WITH_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/i;
const STAMP = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

type StampSwitches = Pick<AdversusSwitches, 'stampFormat' | 'stampMilliseconds'>;

/** Writes instants as this account does. Texts of days are kept: a page of leads has thousands of stamps. */
export function createStampWriter(
  { stampFormat, stampMilliseconds }: StampSwitches,
  zone: ZoneTime,
): (instant: number) => string {
  const days = new Map<number, string>();
  const ending = stampFormat === 'utc-z' ? 'Z' : '';
  return (instant) => {
    const shown = stampFormat === 'local-bare' ? instant + zone.offsetAt(instant) : instant;
    const day = Math.floor(shown / DAY);
    const date = days.get(day) ?? dayText(day);
    days.set(day, date);
    return `${date}T${timeText(shown - day * DAY, stampMilliseconds)}${ending}`;
  };
}

function timeText(sinceMidnight: number, withMilliseconds: boolean): string {
  const seconds = Math.floor(sinceMidnight / 1000);
  const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return withMilliseconds ? `${text}.${String(sinceMidnight % 1000).padStart(3, '0')}` : text;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** Reads an ISO stamp of a filter; without a zone it is taken as the account writes stamps. null: not a stamp. */
export function readStamp(text: string, { stampFormat }: StampSwitches, zone: ZoneTime): number | null {
  if (!STAMP.test(text)) return null;
  const iso = text.replace(' ', 'T');
  if (iso.length > 10 && WITH_ZONE.test(iso)) return finite(Date.parse(iso));
  const wall = finite(Date.parse(iso.length === 10 ? `${iso}T00:00:00Z` : `${iso}Z`));
  return wall === null || stampFormat !== 'local-bare' ? wall : zone.instantOfWall(wall);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
