import { oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';

const count = z.number().int().nonnegative();

/** The logs there may be in the data folder: of the desktop program, the agent host and the commands. */
export const logNames = ['console', 'agent', 'cli'] as const;
export type LogName = (typeof logNames)[number];
/** The least that is shown, from all to failures only. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLineLevel = (typeof logLevels)[number];

/** A place between two lines of a log; it stays right when files are rotated. */
const logPlace = z.string().regex(/^\d{1,20}:\d{1,16}$/);

export const logLine = z.object({
  /** Where it begins; its own. */
  place: logPlace,
  /** Null where the line cannot be read. */
  at: instant.nullable(),
  level: z.enum(logLevels).nullable(),
  /** The part of the program that wrote it, as `sync` or `alerts/watch`. */
  part: z.string().nullable(),
  message: z.string(),
  /** Its other fields in words, `name=value`. */
  fields: z.string(),
  /** As it stands in the file, cut where it is very long. */
  raw: z.string(),
  /** It is no line that the program writes: cut off, overwritten, or too long. */
  damaged: z.boolean(),
});
export type LogLine = z.infer<typeof logLine>;

const question = z.object({
  log: z.enum(logNames),
  level: z.enum(logLevels),
  /** In message, part or fields, whatever the case. */
  search: z.string().max(200),
  /** This part and those below it; null: all. */
  part: z.string().max(200).nullable(),
});
export type LogQuestion = z.infer<typeof question>;

export const logPage = z.object({
  /** Oldest first. */
  lines: z.array(logLine),
  /** Older lines are before this; null: there are none. A page may hold few lines, or none, and go on. */
  before: logPlace.nullable(),
  /** Where following goes on; null: there is no log. */
  after: logPlace.nullable(),
  /** Time of the oldest line that was looked at. */
  looked_back_to: instant.nullable(),
  /** Parts that wrote what was looked at. */
  parts: z.array(z.string()),
  /** Logs there are, with all their rotated files. */
  logs: z.array(z.object({ name: z.enum(logNames), bytes: count })),
});
export type LogPage = z.infer<typeof logPage>;

export const logNews = z.object({
  lines: z.array(logLine),
  after: logPlace.nullable(),
  parts: z.array(z.string()),
  /** There is more at once. */
  more: z.boolean(),
  /** The place is in none of the files any more: read a page anew. */
  lost: z.boolean(),
});
export type LogNews = z.infer<typeof logNews>;

/** The program's own log, read back a little at a time. */
export const logContract = {
  page: oc
    .input(question.extend({ before: logPlace.nullable(), limit: z.number().int().min(1).max(500) }))
    .output(logPage),
  /** What was written after a place. */
  news: oc.input(question.extend({ after: logPlace })).output(logNews),
  /** Puts lines where Ctrl-V finds them. */
  copy: oc
    .input(z.object({ text: z.string().min(1).max(2_000_000) }))
    .output(z.object({ copied: z.literal(true) })),
};
