import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { instant } from './deals.ts';

const count = z.number().int().nonnegative();
/** Printable text: no control characters, no half of a surrogate pair. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => !/[\p{Cc}\p{Surrogate}]/u.test(text));

/** Compared without case everywhere, kept as written. */
export const accountEmail = line(254).pipe(z.email());
export const accountName = line(200);
export const accountPlan = line(100);
/** Names one request: the same key never makes a second account. */
export const requestKey = z
  .string()
  .trim()
  .regex(/^[\w.:@+-]{1,200}$/);

/** What is asked for. Without a key: the one request that there may be of this email. */
export const accountRequest = z.object({
  email: accountEmail,
  name: accountName,
  plan: accountPlan,
  key: requestKey.optional(),
});
export type AccountRequest = z.infer<typeof accountRequest>;

/**
 * What a request came to. created: made now · completed: it was in the directory under this key already, and only our
 * own row was missing · skipped: it had been made before (`reason` says by which request) · queued: a task will make
 * it · kept: the database is away, and this console sends it later.
 */
export const accountResult = z.enum(['created', 'completed', 'skipped', 'queued', 'kept']);
export type AccountResult = z.infer<typeof accountResult>;

export const accountAnswer = z.object({
  success: z.literal(true),
  result: accountResult,
  email: z.string(),
  key: z.string(),
  /** A sentence; why nothing was made, or made now. */
  reason: z.string().nullable(),
  /** How it was carried out. */
  path: z.enum(['queue', 'direct', 'outbox']),
});
export type AccountAnswer = z.infer<typeof accountAnswer>;

export const account = z.object({
  id: z.number().int(),
  email: z.string(),
  name: z.string(),
  plan: z.string(),
  request_key: z.string(),
  /** The directory's id. */
  directory_id: z.string(),
  created_at: instant,
  created_by: z.string(),
});
export type Account = z.infer<typeof account>;

/** A request that is not answered with an account: open (queued, running, or its outcome is not known yet) or refused. */
export const openRequest = z.object({
  key: z.string(),
  email: z.string(),
  name: z.string(),
  plan: z.string(),
  state: z.enum(['open', 'refused']),
  path: z.enum(['queue', 'direct', 'outbox']),
  /** The latest reason why there is none yet, or why there will be none. */
  message: z.string().nullable(),
  actor: z.string(),
  created_at: instant,
  updated_at: instant,
});
export type OpenRequest = z.infer<typeof openRequest>;

/** What is wrong with a row of a list; null: nothing. */
export const rowProblem = z.enum([
  'email_invalid',
  'name_missing',
  'plan_missing',
  /** The same email stands further up in the list. */
  'twice',
  /** There is an account of this email. */
  'known',
  /** A request for this email is open. */
  'requested',
]);
export type RowProblem = z.infer<typeof rowProblem>;

export const listRow = z.object({
  /** Line of the text, counted from 1. */
  line: z.number().int(),
  email: z.string(),
  name: z.string(),
  plan: z.string(),
  problem: rowProblem.nullable(),
});
export type ListRow = z.infer<typeof listRow>;

/** A list as it would run: rows without a problem are `ready`. */
export const listPreview = z.object({
  rows: z.array(listRow),
  ready: count,
  problems: count,
  /** Why the text cannot be read as a list at all, with its line; then there are no rows. */
  unreadable: z.object({ line: z.number().int().nullable(), message: z.string() }).nullable(),
});
export type ListPreview = z.infer<typeof listPreview>;

export const rowResult = z.object({
  line: z.number().int(),
  email: z.string(),
  result: z.union([accountResult, z.enum(['refused', 'failed', 'cancelled'])]),
  message: z.string().nullable(),
});
export type RowResult = z.infer<typeof rowResult>;

/** How far a list under way on this console is; `ended` is told once. */
export const listProgress = z.object({
  stage: z.enum(['running', 'ended']),
  total: count,
  done: count,
  created: count,
  queued: count,
  /** Skipped and completed ones. */
  skipped: count,
  /** Refused and failed ones. */
  failed: count,
  cancelled: z.boolean(),
  /** Results since the progress told before. */
  rows: z.array(rowResult),
});
export type ListProgress = z.infer<typeof listProgress>;

/** A list is at most this long. */
export const maxListRows = 5_000;
export const maxListText = 2_000_000;

export const accountsContract = {
  /** CONFLICT: the email belongs to somebody else, or was asked for under another key or with other details. */
  add: oc.input(accountRequest).output(accountAnswer),
  list: oc
    .input(
      z.object({
        search: z.string().max(200).optional(),
        limit: z.number().int().min(1).max(500).default(100),
        offset: count.default(0),
      }),
    )
    .output(z.object({ accounts: z.array(account), count })),
  /** Open ones first, then refused ones, newest first. */
  requests: oc.input(z.object({ limit: z.number().int().min(1).max(500).default(100) })).output(
    z.object({
      requests: z.array(openRequest),
      count,
      /** The directory answers here; false: none is configured, and `missing` names what to set. */
      configured: z.boolean(),
      missing: z.array(z.string()),
    }),
  ),
  /** Reads a pasted list or the text of a CSV file and says what would happen; nothing runs. */
  previewList: oc.input(z.object({ text: z.string().max(maxListText) })).output(listPreview),
  /** Runs the rows without a problem of the same text; false when a list is under way here already. */
  startList: oc
    .input(z.object({ text: z.string().max(maxListText) }))
    .output(z.object({ started: z.boolean(), total: count })),
  cancelList: oc.output(z.object({ cancelled: z.boolean() })),
  /** The list under way here or the last one, with all its results so far; null: none since the start. */
  listState: oc.output(listProgress.nullable()),
  listProgress: oc.output(eventIterator(listProgress)),
  /** Saves what came of each row of the latest list as CSV, where a person chooses; `path` null: they thought better of it. */
  exportResults: oc
    .input(z.object({ language: z.enum(['sv', 'en']) }))
    .output(z.object({ path: z.string().nullable(), rows: count })),
};
