import type { ErrorCode } from '../shared/contract/errors.ts';

/** A failure with a name and a sentence for a person that says what to do next. The cause stays attached. */
export class OpsdeckError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'OpsdeckError';
    this.code = code;
  }
}

/** True when the work was given up on request, not because something failed. */
export function isCancelled(error: unknown): boolean {
  return error instanceof OpsdeckError
    ? error.code === 'CANCELLED'
    : error instanceof Error && error.name === 'AbortError';
}

/** The refusal of whatever needs an upstream that is not configured. */
export function notConfigured(missing: readonly string[]): OpsdeckError {
  return new OpsdeckError(
    'CONFIG_INVALID',
    `No Adversus account is configured: ${missing.join(', ')} missing. Set them, or set OPSDECK_SANDBOX=1 to work with simulated data.`,
  );
}

/** True for failures that mean: not now, whatever was asked. */
export function isAway(error: unknown): boolean {
  return (
    error instanceof OpsdeckError &&
    ['DATABASE_AWAY', 'DATABASE_REFUSED', 'SCHEMA_NEWER'].includes(error.code)
  );
}
