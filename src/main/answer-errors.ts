import { randomBytes } from 'node:crypto';
import { mapEventIterator, ORPCError } from '@orpc/client';
import { errorCodes, type ErrorCode } from '../shared/contract/errors.ts';
import { isCancelled, OpsdeckError } from './errors.ts';
import type { Log } from './log.ts';

const statuses: Readonly<Record<ErrorCode, number>> = {
  CONFIG_INVALID: 500,
  DATABASE_AWAY: 503,
  DATABASE_REFUSED: 503,
  SCHEMA_NEWER: 503,
  UPSTREAM_REFUSED: 502,
  UPSTREAM_BUSY: 429,
  UPSTREAM_FAILED: 502,
  UPSTREAM_UNREADABLE: 502,
  SYNC_BUSY: 409,
  PERMIT_LOST: 409,
  CANCELLED: 499,
  NOT_FOUND: 404,
  CONFLICT: 409,
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  TOO_LARGE: 413,
  UNSUPPORTED_TYPE: 415,
  KEY_REUSED: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
};

const known: ReadonlySet<string> = new Set(errorCodes);

/**
 * What a caller may see of a failure: our code, our sentence, the fitting status. Anything unforeseen becomes INTERNAL
 * with a short id under which the log holds the whole of it.
 */
export function toAnswer(error: unknown, procedure: string, log: Log): ORPCError<string, unknown> {
  if (error instanceof OpsdeckError) {
    return new ORPCError(error.code, { status: statuses[error.code], message: error.message, cause: error });
  }
  if (isCancelled(error)) {
    return new ORPCError('CANCELLED', { status: 499, message: 'This was cancelled.', cause: error });
  }
  if (isKnown(error)) return withoutInput(error);
  const id = randomBytes(5).toString('hex');
  log.error('A call failed unexpectedly', { id, procedure, error });
  return new ORPCError('INTERNAL', {
    status: 500,
    message: `Something went wrong inside Opsdeck. The log has the details under ${id}.`,
    data: { id },
    cause: error,
  });
}

interface Call {
  path: readonly string[];
  procedure: { '~orpc': { inputSchema?: unknown } };
  input: unknown;
  next(): Promise<unknown>;
}

/**
 * Interceptor for every transport (`clientInterceptors`): turns what a procedure throws, now or later in its stream,
 * into the answer above, and refuses an input where the contract has none.
 */
export function answerErrors(log: Log): (call: Call) => Promise<unknown> {
  return async (call) => {
    const procedure = call.path.join('.');
    try {
      if (call.input !== undefined && call.procedure['~orpc'].inputSchema === undefined) {
        throw new OpsdeckError('BAD_REQUEST', `${procedure} takes no input.`);
      }
      const output = await call.next();
      return isStream(output) ? answerStreamErrors(output, procedure, log) : output;
    } catch (error) {
      throw toAnswer(error, procedure, log);
    }
  };
}

function answerStreamErrors(
  stream: AsyncIterator<unknown>,
  procedure: string,
  log: Log,
): AsyncIterator<unknown> {
  return mapEventIterator(stream, {
    value: async (value: unknown) => value,
    error: async (error) => toAnswer(error, procedure, log),
  });
}

function isStream(output: unknown): output is AsyncIterator<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output;
}

function isKnown(error: unknown): error is ORPCError<string, unknown> {
  return error instanceof ORPCError && known.has(String(error.code));
}

/** A refused input names what is wrong and where, never the values that came in. */
function withoutInput(error: ORPCError<string, unknown>): ORPCError<string, unknown> {
  const data = error.data;
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return error;
  const issues = (data.issues as unknown[]).slice(0, 20).map((issue) => {
    const { message, path } = issue as { message?: unknown; path?: unknown };
    return { message: String(message), path: Array.isArray(path) ? path.map(String) : [] };
  });
  const first = issues[0];
  const where = first && first.path.length > 0 ? `${first.path.join('.')}: ` : '';
  return new ORPCError(error.code, {
    status: statuses[error.code as ErrorCode],
    message: first ? `The input was refused (${where}${first.message}).` : error.message,
    data: { issues },
    cause: error,
  });
}
