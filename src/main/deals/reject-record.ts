import { createHash } from 'node:crypto';
import type { RejectReason } from '../../shared/contract/mapping-codes.ts';
import { isRecord, readId } from './read-value.ts';

/** A record set aside for a person to see. */
export interface Rejection {
  /** The vendor's id, or 'sha256:…' of a record without a readable one. */
  key: string;
  reason: RejectReason;
  /** The offending value, shortened; null where there is none to show. */
  detail: string | null;
  /** What may be kept of the record: numbers, stamps and the value at fault, never a person's words. */
  payload: Record<string, unknown>;
}

/** The value of a configured field that could not be read; `value` already shortened. */
export interface OffendingField {
  field: string;
  value: string;
}

const stampKeys = ['lastUpdatedTime', 'lastModifiedTime', 'timestamp'] as const;
const numberKeys = ['campaignId', 'lastContactedBy', 'userId', 'leadId'] as const;
const codeKeys = ['status', 'type'] as const;

/** Sets a record aside, keeping only what cannot be personal text. */
export function rejectRecord(
  record: unknown,
  reason: RejectReason,
  detail: string | null,
  offending?: OffendingField,
): Rejection {
  const fields = isRecord(record) ? record : {};
  const id = readId(fields['id']);
  const payload: Record<string, unknown> = id === null ? {} : { id };
  for (const key of codeKeys) if (isCode(fields[key])) payload[key] = fields[key];
  for (const key of numberKeys) if (Number.isSafeInteger(fields[key])) payload[key] = fields[key];
  for (const key of stampKeys) if (looksLikeStamp(fields[key])) payload[key] = fields[key];
  if (offending) Object.assign(payload, { field: offending.field, value: offending.value });
  return { key: id ?? `sha256:${digestRecord(record)}`, reason, detail, payload };
}

/** Whether the text begins as a date and goes on without words, so that nothing personal can hide in it. */
export function looksLikeStamp(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d?-\d\d?[0-9TZ:.+ -]{0,30}$/.test(value);
}

/** The vendor's codes are single words of letters ('success', 'automaticRedial', 'outbound'). */
function isCode(value: unknown): boolean {
  return typeof value === 'string' && /^[A-Za-z]{1,20}$/.test(value);
}

/** Values read for a digest; what differs only after them counts as the same record. */
const maxDigested = 10_000;

/** Same content, same digest, whatever the order of names. Walks without recursion: nesting may be any depth. */
function digestRecord(record: unknown): string {
  const hash = createHash('sha256');
  const waiting: unknown[] = [record];
  for (let read = 0; waiting.length > 0 && read < maxDigested; read += 1) {
    const value = waiting.pop();
    if (Array.isArray(value)) {
      hash.update(`[${value.length}`);
      for (const item of value.slice(0, maxDigested)) waiting.push(item);
    } else if (isRecord(value)) {
      const names = Object.keys(value).sort().slice(0, maxDigested);
      hash.update(`{${names.length}`);
      for (const name of names) waiting.push(value[name], name);
    } else {
      // JSON escapes lone surrogates, which would all be hashed as one character.
      hash.update(typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)}`);
    }
  }
  return hash.digest('hex');
}
