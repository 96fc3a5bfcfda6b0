import { placeOfId } from './package-id.ts';
import type { PackageFact, RejectedPackage } from './package-fact.ts';

/** What is read of a group: where its packages work. */
export interface GroupFact {
  /** Orders groups whatever their order in the answer is. */
  key: string;
  slug: string;
  countryCode: string | null;
  countryName: string | null;
  region: string | null;
  geography: string | null;
}

/** What one record says. Its own id, and under which places it stands, come when the whole answer is read. */
export type RecordFact = Omit<PackageFact, 'id' | 'countryCodes'>;

type Mapped = { kind: 'mapped'; fact: RecordFact } | { kind: 'rejected'; rejected: RejectedPackage };

/** Not an amount: the supplier's word for unlimited (2^53 − 1). */
const unlimitedAmount = Number.MAX_SAFE_INTEGER;
/** More than any package has: 1 PB in MB. */
const mostMb = 1_073_741_824;
const longestId = 300;

/** Reads a group's own fields; whatever is missing is null, its packages are read all the same. */
export function mapGroup(group: Record<string, unknown>): GroupFact {
  const slug = text(group['countrySlug']) ?? text(group['id'])?.replace(/-esims$/, '') ?? 'unknown';
  return {
    key: text(group['id']) ?? slug,
    slug,
    countryCode: text(group['countryCode']),
    countryName: text(group['countryName']),
    region: text(group['region']),
    geography: text(group['geography']),
  };
}

/** Maps one record of a group. Unknown fields are ignored; what cannot be read is told with why. */
export function mapPackage(group: GroupFact, record: unknown): Mapped {
  if (!isRecord(record)) return reject(`group ${group.key}`, 'record', typeof record, { group: group.key });
  const resellerId = text(record['packageId'], longestId + 1);
  if (resellerId === null || resellerId.length > longestId)
    return reject(`group ${group.key}`, 'id', describe(record['packageId']), { group: group.key });
  const { packageId: _id, day, price, dataAmount, dataUnit, isUnlimited } = record;
  const payload = { group: group.key, day, price, dataAmount, dataUnit, isUnlimited };
  const days = number(day ?? record['days']);
  if (days === null || !Number.isInteger(days) || days < 1 || days > 10_000)
    return reject(resellerId, 'days', describe(day), payload);
  const cost = number(price);
  if (cost === null || cost < 0 || cost > 1e9) return reject(resellerId, 'price', describe(price), payload);
  const data = dataOf(record);
  if (data === undefined)
    return reject(resellerId, 'data', `${describe(dataAmount)} ${describe(dataUnit)}`, payload);
  return {
    kind: 'mapped',
    fact: {
      resellerId,
      name: text(record['package']) ?? resellerId,
      plan: text(record['plan']),
      place: placeOfId(resellerId) ?? group.slug,
      countryCode: group.countryCode,
      countryName: group.countryName,
      region: group.region,
      geography: group.geography,
      dataMb: data,
      unlimited: data === null,
      days,
      price: Math.round(cost * 10_000) / 10_000,
      calls: allowance(record, 'withCall', 'callAmount', 'callUnit'),
      sms: allowance(record, 'withSMS', 'smsAmount', 'smsUnit'),
      hotspot: typeof record['withHotspot'] === 'boolean' ? record['withHotspot'] : null,
      throttle: throttleOf(record),
    },
  };
}

/** In MB; null: unlimited; undefined: unreadable. */
function dataOf(record: Record<string, unknown>): number | null | undefined {
  if (record['isUnlimited'] === true) return null;
  const amount = number(record['dataAmount']);
  if (amount === null) return undefined;
  if (amount >= unlimitedAmount) return null;
  const factor = unitsInMb[(text(record['dataUnit']) ?? 'MB').toUpperCase()];
  if (factor === undefined) return undefined;
  const mb = Math.round(amount * factor);
  return mb >= 0 && amount >= 0 && mb <= mostMb ? mb : undefined;
}

const unitsInMb: Readonly<Record<string, number>> = { KB: 1 / 1_024, MB: 1, GB: 1_024, TB: 1_048_576 };

/** Calls or messages: −1 is "unlimited" where there are any, and "none" where there are not. */
function allowance(record: Record<string, unknown>, flag: string, amountField: string, unitField: string) {
  const has = record[flag];
  const amount = number(record[amountField]);
  if (has === false) return 'none';
  if (has !== true) {
    if (amount !== null && amount > 0) return amountWords(amount, record[unitField]);
    return text(record['plan']) === 'data-only' ? 'none' : null;
  }
  if (amount === null) return null;
  return amount === -1 ? 'unlimited' : amountWords(amount, record[unitField]);
}

function amountWords(amount: number, unit: unknown): string {
  return `${amount} ${(text(unit) ?? '').toLowerCase()}`.trim();
}

function throttleOf(record: Record<string, unknown>): string | null {
  const { withThrottle, throttle } = record;
  if (withThrottle === false) return 'none';
  if (!isRecord(throttle)) return null;
  const part = (value: unknown, unit: unknown) => amountWords(number(value) ?? 0, unit);
  const speed = part(throttle['throttleSpeed'], throttle['throttleSpeedUnit']);
  const after = part(throttle['throttleThreshold'], throttle['throttleThresholdUnit']);
  return withThrottle === true || number(throttle['throttleSpeed']) ? `${speed} after ${after}` : null;
}

function reject(
  key: string,
  reason: RejectedPackage['reason'],
  detail: string,
  payload: Record<string, unknown>,
) {
  return { kind: 'rejected' as const, rejected: { key, reason, detail, payload: plain(payload) } };
}

/** Only short plain values go to the shelf. */
function plain(payload: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, describe(value)]));
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? clean(value, 60) : Array.isArray(value) ? 'list' : 'object';
}

/** A number, also one that was sent as text; null for anything else. */
function number(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || !/^-?\d{1,17}(\.\d{1,10})?$/.test(value.trim())) return null;
  return Number(value);
}

function text(value: unknown, most = 200): string | null {
  if (typeof value !== 'string') return null;
  return clean(value, most) || null;
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001f\u007f]/g;

const plainText = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** What Postgres keeps as it is: no NUL, no half of a surrogate pair. */
function clean(value: string, most: number): string {
  // Nearly all of the thousands of texts in a catalogue.
  if (value.length <= most && plainText.test(value)) return value;
  return value
    .slice(0, most)
    .replace(controls, ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .trim();
}

/** Whether it is an object with names. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
