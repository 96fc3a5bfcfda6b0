import { errorCodes, type ErrorCode } from '../../../shared/contract/errors.ts';
import { OpsdeckError } from '../../errors.ts';

/** The longest sentence kept with a task. */
const longest = 600;

/** A failure as the queue stores it: the code in brackets, then the sentence. */
export function storedError(error: unknown): string {
  const code = error instanceof OpsdeckError ? error.code : 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  return `[${code}] ${message.slice(0, longest)}`;
}

/** Reads a stored failure; one that is not ours has the code INTERNAL. */
export function readStoredError(text: string): { code: ErrorCode; message: string } {
  const match = /^\[([A-Z_]+)\] ?([\s\S]*)$/.exec(text);
  const code = errorCodes.find((known) => known === match?.[1]);
  return code ? { code, message: match![2]! } : { code: 'INTERNAL', message: text.slice(0, longest) };
}
