import { z } from 'zod';
import { logLevels, type LogLine, type LogLineLevel } from '../../../shared/contract/log.ts';

/** What is sent of a line at most, in characters. */
const longestRaw = 8_000;
const longestMessage = 2_000;
const longestFields = 1_000;

/** A line as the program writes it. */
const written = z.looseObject({
  level: z.enum(logLevels),
  time: z.iso.datetime(),
  message: z.string(),
  part: z.string().optional(),
});

const ownFields = new Set(['level', 'time', 'pid', 'message', 'part']);

/** Reads one line of a log. What is not as the program writes it is told as damaged, with its text. */
export function parseLogLine(text: string, place: string): LogLine {
  const raw = cut(text, longestRaw);
  const found = written.safeParse(jsonOf(text));
  if (!found.success)
    return {
      ...{ place, raw, at: null, level: null, part: null, fields: '', damaged: true },
      message: cut(text, longestMessage),
    };
  const { level, time, message, part, ...rest } = found.data;
  return {
    ...{ place, raw, at: time, level, part: part ?? null, damaged: false },
    message: cut(message, longestMessage),
    fields: cut(fieldsInWords(rest), longestFields),
  };
}

export interface LineFilter {
  level: LogLineLevel;
  search: string;
  part: string | null;
}

/** True for a line that was asked for. A damaged one has no level and no part: it is left out only where a part or a text is asked for that it does not have. */
export function isAskedFor(line: LogLine, { level, search, part }: LineFilter): boolean {
  if (line.level !== null && logLevels.indexOf(line.level) < logLevels.indexOf(level)) return false;
  if (part !== null && line.part !== part && line.part?.startsWith(`${part}/`) !== true) return false;
  if (search === '') return true;
  const wanted = search.toLowerCase();
  return [line.message, line.part ?? '', line.fields, line.raw].some((text) =>
    text.toLowerCase().includes(wanted),
  );
}

function fieldsInWords(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .filter(([name]) => !ownFields.has(name))
    .map(([name, value]) => `${name}=${wordOf(name, value)}`)
    .join(' ');
}

function wordOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (name === 'error' && value !== null && typeof value === 'object' && 'message' in value)
    return String(value.message);
  return JSON.stringify(value);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)} …`;
}
