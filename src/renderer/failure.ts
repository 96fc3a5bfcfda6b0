import type { TFunction } from 'i18next';
import { errorCodes, type ErrorCode } from '../shared/contract/errors.ts';

/** A refused or failed call, as screens speak of it: a code from the closed list and main's own sentence. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string | null;
}

const codes: ReadonlySet<string> = new Set(errorCodes);

/** Reads any thrown value as a Failure; what has no known code is INTERNAL. */
export function failureOf(error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const message = error instanceof Error && error.message !== '' ? error.message : null;
  if (typeof code === 'string' && codes.has(code)) return { code: code as ErrorCode, message };
  return { code: 'INTERNAL', message };
}

/** What stands below a failure's title: main's own sentence where its language is spoken, else what to do, and then it. */
export function whatNext({ code, message }: Failure, t: TFunction, language: string): string {
  const next = t(`errors.${code}.next`);
  if (message === null) return next;
  return language === 'en' ? message : t('errors.withDetails', { next, details: message });
}

/** Codes with which main says that it cannot start its work: the whole page speaks of them. */
const startUpCodes: ReadonlySet<ErrorCode> = new Set([
  'DATABASE_AWAY',
  'DATABASE_REFUSED',
  'SCHEMA_NEWER',
  'CONFIG_INVALID',
]);

/** True when a failure of the very first call means that the console could not start. */
export function isStartUpFailure(failure: Failure): boolean {
  return startUpCodes.has(failure.code);
}
