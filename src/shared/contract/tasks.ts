import { oc } from '@orpc/contract';
import { z } from 'zod';
import { errorCodes } from './errors.ts';
import { instant } from './deals.ts';

const count = z.number().int().nonnegative();

/** waiting: for its turn or its next try · running · failed: waits for its next try · parked: out of tries, a person has to look. */
export const taskState = z.enum(['waiting', 'running', 'failed', 'parked']);
export type TaskState = z.infer<typeof taskState>;

export const task = z.object({
  /** Its number in the queue. */
  id: z.string(),
  state: taskState,
  /** Key of the account request that it carries out. */
  key: z.string(),
  email: z.string().nullable(),
  tries: count,
  most_tries: count,
  /** Earliest start of the next try. */
  run_at: instant,
  created_at: instant,
  cause: z.enum(errorCodes).nullable(),
  /** Main's sentence on the latest failure. */
  message: z.string().nullable(),
});
export type Task = z.infer<typeof task>;

/** Failed and parked tasks with the same cause. */
export const taskCause = z.object({
  cause: z.enum(errorCodes),
  /** The latest one's sentence. */
  message: z.string(),
  failed: count,
  parked: count,
  latest_at: instant,
});
export type TaskCause = z.infer<typeof taskCause>;

export const tasksView = z.object({
  counts: z.object({ waiting: count, running: count, failed: count, parked: count }),
  /** Running first, then parked, failed and waiting; at most `limit`. */
  tasks: z.array(task),
  causes: z.array(taskCause),
  /** Tasks done in the last five minutes. */
  done_lately: count,
  /** When the backlog is done at the pace of the last five minutes; null: nothing waits, or nothing was done lately. */
  done_at: instant.nullable(),
  /** Processes that carry out tasks. */
  runners: count,
  queue: z.object({
    /** Host and database, without user and password. */
    label: z.string(),
    /** A database of its own. */
    separate: z.boolean(),
    /** Null: it answers. */
    message: z.string().nullable(),
  }),
});
export type TasksView = z.infer<typeof tasksView>;

/** What a rehearsal's requests came to on one path. */
const rehearsedPath = z.object({
  asked: count,
  created: count,
  /** Repeats of the same request, all of which have to be skipped. */
  skipped: count,
  refused: count,
  failed: count,
  /** In the directory, counted there. */
  in_directory: count,
  /** Milliseconds for all. */
  took_ms: z.number(),
});
export const rehearsal = z.object({
  requests: count,
  queue: rehearsedPath,
  direct: rehearsedPath,
  /** Both paths came to the same. */
  equal: z.boolean(),
});
export type Rehearsal = z.infer<typeof rehearsal>;

export const tasksContract = {
  list: oc.input(z.object({ limit: z.number().int().min(1).max(500).default(100) })).output(tasksView),
  /** One task, all of a cause, or all: tried anew at once, with all their tries. */
  retry: oc
    .input(
      z.union([
        z.object({ id: z.string().regex(/^\d{1,19}$/) }),
        z.object({ cause: z.enum(errorCodes) }),
        z.object({ all: z.literal(true) }),
      ]),
    )
    .output(z.object({ retried: count })),
  /** Sends synthetic requests through both paths; CONFIG_INVALID unless the directory is the sandbox's. */
  rehearse: oc.input(z.object({ requests: z.number().int().min(1).max(200) })).output(rehearsal),
};
