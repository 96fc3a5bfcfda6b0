import pino from 'pino';
import { redact } from './redact.ts';
import { openRotatingFile } from './rotating-file.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** What goes with a line; an Error belongs under `error`. */
export type LogFields = Record<string, unknown>;

/** Where every part of the program writes what happened. Never throws, never blocks on a console. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same log under the name of a part, e.g. `sync`. */
  child(name: string): Log;
}

export interface OpenLog extends Log {
  /** From now on this text is blanked wherever it appears. For secrets that are made or read after the start. */
  hide(secret: string): void;
  close(): void;
}

/**
 * Opens `folder/name.log` (JSON lines, 5 files of 5 MB). `print` gets each line of `info` and above in words. Both are
 * redacted at the sink, after everything was put together.
 */
export function openLog(options: {
  folder: string;
  name: string;
  level: LogLevel;
  secrets?: readonly string[];
  print?: (line: string) => void;
}): OpenLog {
  const secrets = new Set(options.secrets ?? []);
  const file = openRotatingFile(options);
  const sink = {
    write(line: string) {
      const safe = redact(line, secrets);
      file.write(safe);
      if (options.print) printLine(safe, options.print);
    },
  };
  const root = pino(
    {
      level: options.level,
      base: { pid: process.pid },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    sink,
  );
  return {
    ...logOn(root),
    hide: (secret) => void secrets.add(secret),
    close: () => file.close(),
  };
}

/** A log that keeps nothing. */
export function silentLog(): Log {
  const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  return log;
}

function logOn(logger: pino.Logger, part?: string): Log {
  const write = (level: LogLevel) => (message: string, fields?: LogFields) => {
    try {
      if (fields) logger[level](fields, message);
      else logger[level](message);
    } catch (error) {
      // A field with a throwing getter must not stop the work that wanted to tell something.
      logger[level](`${message} (its fields could not be written: ${String(error)})`);
    }
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child(name) {
      const path = part ? `${part}/${name}` : name;
      return logOn(logger.child({ part: path }), path);
    },
  };
}

const machineFields = new Set(['level', 'time', 'pid', 'message', 'part', 'error']);

function printLine(json: string, print: (line: string) => void): void {
  try {
    const entry = JSON.parse(json) as Record<string, unknown>;
    const level = String(entry['level']);
    if (level !== 'debug') print(inWords(entry, level));
  } catch {
    // The terminal may be gone; the file has the line.
  }
}

/** Time, level where it matters, part, message, fields, the error's sentence. */
function inWords(entry: Record<string, unknown>, level: string): string {
  const words = [String(entry['time']).slice(11, 19)];
  if (level !== 'info') words.push(level.toUpperCase());
  if (typeof entry['part'] === 'string') words.push(`[${entry['part']}]`);
  words.push(String(entry['message']));
  for (const [name, value] of Object.entries(entry)) {
    if (!machineFields.has(name))
      words.push(`${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  const error = entry['error'];
  if (error && typeof error === 'object' && 'message' in error) words.push(`– ${String(error.message)}`);
  return words.join(' ');
}
