/** Given, but not to be read. A symbol, so that no value of a record can be mistaken for it. */
export const unreadable = Symbol('unreadable');
export type Unreadable = typeof unreadable;

const maxInt32 = 2_147_483_647;
/** As many digits as an unsigned number of 64 bits has. */
const maxIdDigits = 20;

/** Whether it is an object with names (not null, not a list). */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether nothing was given: missing, null, or text of white space only. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** A vendor's id as text: a positive whole number that is exact in JSON, or digits. Null for anything else. */
export function readId(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (text.length > maxIdDigits || !/^\d*[1-9]\d*$/.test(text)) return null;
  return text.replace(/^0+/, '');
}

/** An agent's id, which our tables keep in 32 bits; null: none given. */
export function readAgentId(value: unknown): number | null | Unreadable {
  if (value === undefined || value === null) return null;
  const id = readId(value);
  return id !== null && Number(id) <= maxInt32 ? Number(id) : unreadable;
}

/** A count of digits only, at most 2³¹ − 1; null: none given. '34Dentle' is not 34. */
export function readCount(value: unknown): number | null | Unreadable {
  if (isBlank(value)) return null;
  if (typeof value === 'string') {
    const text = value.trim();
    return /^\d+$/.test(text) && Number(text) <= maxInt32 ? Number(text) : unreadable;
  }
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxInt32;
  return isCount ? Math.abs(value) : unreadable; // abs: −0 is 0
}
