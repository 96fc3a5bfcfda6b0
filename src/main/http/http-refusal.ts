import type { ErrorCode } from '../../shared/contract/errors.ts';
import { toAnswer } from '../answer-errors.ts';
import { OpsdeckError } from '../errors.ts';
import type { Log } from '../log.ts';

/** What is sent back, whole. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** A refusal with a status of its own, before any feature is asked. */
export class HttpRefusal extends OpsdeckError {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, code: ErrorCode, message: string, headers: Record<string, string> = {}) {
    super(code, message);
    this.status = status;
    this.headers = headers;
  }
}

/** Where a code means another status here than on a window's port. */
const otherStatuses: Partial<Record<string, number>> = {
  // What could be read, and is refused all the same. Unreadable requests are refused with 400 before.
  BAD_REQUEST: 422,
  CANCELLED: 409,
  CONFIG_INVALID: 503,
};

/** JSON with the headers that every answer has. */
export function jsonAnswer(
  status: number,
  document: unknown,
  headers: Record<string, string> = {},
): HttpAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(document),
  };
}

/** The answer to whatever was thrown: `{success: false, code, message}` with the fitting status. */
export function failureAnswer(error: unknown, name: string, log: Log): HttpAnswer {
  if (error instanceof HttpRefusal)
    return errorAnswer(error.status, error.code, error.message, error.headers);
  const { code, status, message } = toAnswer(error, name, log);
  return errorAnswer(otherStatuses[code] ?? status, code, message);
}

/** One refusal. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): HttpAnswer {
  return jsonAnswer(status, { success: false, code, message }, headers);
}
