/** Every way in which the embedded database can refuse to start or stop. */
export type EmbeddedPostgresErrorCode =
  | 'unsupported-platform'
  | 'binaries-missing'
  | 'root-not-possible'
  | 'cluster-not-created'
  | 'password-missing'
  | 'password-refused'
  | 'start-failed'
  | 'start-timeout'
  | 'lock-timeout'
  | 'stop-failed'
  | 'aborted';

/** A failure of the embedded database: a code for programs, one sentence with the reason and the next step for people. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, sentence: string, options?: { cause?: unknown }) {
    super(sentence, options);
    this.code = code;
  }
}

/** Throws the `aborted` error when the caller has given up. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new EmbeddedPostgresError('aborted', 'Starting the embedded database was cancelled.', {
    cause: signal.reason,
  });
}
