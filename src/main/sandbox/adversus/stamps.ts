import type { ZoneTime } from '../zone-time.ts';
import type { AdversusSwitches } from './switches.ts';

const WITH_ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/i;
const STAMP = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

type StampSwitches = Pick<AdversusSwitches, 'stampFormat' | 'stampMilliseconds'>;

/** An instant as this account writes it. */
export function writeStamp(
  instant: number,
  { stampFormat, stampMilliseconds }: StampSwitches,
  zone: ZoneTime,
): string {
  const shown = stampFormat === 'local-bare' ? instant + zone.offsetAt(instant) : instant;
  const iso = new Date(shown).toISOString();
  return `${iso.slice(0, stampMilliseconds ? 23 : 19)}${stampFormat === 'utc-z' ? 'Z' : ''}`;
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
