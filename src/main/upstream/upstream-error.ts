import { OpsdeckError } from '../errors.ts';

type UpstreamCode = 'UPSTREAM_REFUSED' | 'UPSTREAM_BUSY' | 'UPSTREAM_FAILED' | 'UPSTREAM_UNREADABLE';

interface UpstreamErrorDetails {
  cause?: unknown;
  status?: number | undefined;
  /** How long the vendor asked us to wait, in ms; null when it did not say. */
  retryAfterMs?: number | null | undefined;
  /** False when another try would give the same answer. */
  again?: boolean | undefined;
  /** When a place in the call budget is free, at the earliest (wall time). */
  freeAt?: Date | undefined;
}

/** A vendor's refusal, failure or unreadable answer, with what a retry needs to know. */
export class UpstreamError extends OpsdeckError {
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly again: boolean;
  readonly freeAt: Date | null;

  constructor(code: UpstreamCode, message: string, details: UpstreamErrorDetails = {}) {
    super(code, message, { cause: details.cause });
    this.name = 'UpstreamError';
    this.status = details.status ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.again = details.again ?? code !== 'UPSTREAM_REFUSED';
    this.freeAt = details.freeAt ?? null;
  }
}

/** The error of work that was given up on request. */
export function cancelled(cause?: unknown): OpsdeckError {
  return new OpsdeckError(
    'CANCELLED',
    'Cancelled before it was done. Nothing was applied; start it again when you like.',
    {
      cause,
    },
  );
}
