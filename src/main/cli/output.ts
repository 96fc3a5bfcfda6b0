import type { ErrorCode } from '../../shared/contract/errors.ts';
import { OpsdeckError } from '../errors.ts';
import { redact } from '../redact.ts';

/** Where a command puts its answer: words on stdout, or with `--json` one document; failures in one sentence. */
export interface Output {
  readonly json: boolean;
  /** The command's answer, told once: `document` with --json, else `words`. */
  answer(document: unknown, words: string): void;
  /** What goes on, on stderr; nothing with --json. */
  note(words: string): void;
  fail(error: unknown): void;
  setExitCode(code: 0 | 1 | 2 | 3): void;
  exitCode(): number;
  /** Resolves when everything is written, so that a pipe gets it all before the process ends. */
  flush(): Promise<void>;
}

/** Builds the output of one command. */
export function createOutput(options: { json: boolean }): Output {
  let exitCode = 0;
  return {
    json: options.json,
    answer(document, words) {
      process.stdout.write(`${options.json ? JSON.stringify(document) : words}\n`);
    },
    note(words) {
      if (!options.json) process.stderr.write(`${words}\n`);
    },
    fail(error) {
      const message = sentenceOf(error);
      if (options.json)
        process.stdout.write(`${JSON.stringify({ success: false, code: codeOf(error), message })}\n`);
      else process.stderr.write(`${message}\n`);
    },
    setExitCode(code) {
      exitCode = code;
    },
    exitCode: () => exitCode,
    async flush() {
      await Promise.all(
        [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))),
      );
    },
  };
}

function codeOf(error: unknown): ErrorCode {
  return error instanceof OpsdeckError ? error.code : 'INTERNAL';
}

function sentenceOf(error: unknown): string {
  if (error instanceof OpsdeckError) return redact(error.message, new Set());
  const message = error instanceof Error ? error.message : String(error);
  return redact(
    `Something unexpected went wrong (${message}). The log in the data folder has the details.`,
    new Set(),
  );
}

const wrongUsage: readonly ErrorCode[] = [
  'CONFIG_INVALID',
  'DATABASE_REFUSED',
  'SCHEMA_NEWER',
  'BAD_REQUEST',
];

/** 2 for what only another call or configuration can mend, else 1. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof OpsdeckError && wrongUsage.includes(error.code) ? 2 : 1;
}
