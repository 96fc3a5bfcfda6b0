/** Every reason for which Opsdeck may refuse or fail, as windows, scripts and exit codes see it. Closed list. */
export const errorCodes = [
  'CONFIG_INVALID',
  'DATABASE_AWAY',
  'DATABASE_REFUSED',
  'SCHEMA_NEWER',
  'UPSTREAM_REFUSED',
  'UPSTREAM_BUSY',
  'UPSTREAM_FAILED',
  'UPSTREAM_UNREADABLE',
  'SYNC_BUSY',
  'PERMIT_LOST',
  'CANCELLED',
  'NOT_FOUND',
  'CONFLICT',
  'BAD_REQUEST',
  // Of the HTTP API alone.
  'UNAUTHORIZED',
  'FORBIDDEN',
  'TOO_LARGE',
  'UNSUPPORTED_TYPE',
  'KEY_REUSED',
  'RATE_LIMITED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
