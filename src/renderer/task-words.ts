import type { ErrorCode } from '../shared/contract/errors.ts';

/** Causes with words of their own; the others are told as something unexpected, with main's sentence. */
const worded = [
  'UPSTREAM_REFUSED',
  'UPSTREAM_BUSY',
  'UPSTREAM_FAILED',
  'UPSTREAM_UNREADABLE',
  'DATABASE_AWAY',
  'CONFIG_INVALID',
  'CONFLICT',
] as const satisfies readonly ErrorCode[];

/** A cause by the name of its words. */
export function causeName(cause: ErrorCode): (typeof worded)[number] | 'other' {
  return worded.find((code) => code === cause) ?? 'other';
}
