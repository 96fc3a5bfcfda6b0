import { z } from 'zod';

/** An entry lists at most this many ids; a bigger change leaves the list out, and the reader loads anew. */
export const maxListedIds = 200;

const id = z.number().int();
const ids = z.array(id).max(maxListedIds);
const count = z.number().int().nonnegative();

/** What each kind of change carries. Numbers and ids only: the rows themselves are read from the database. */
export const changeData = {
  deals: z.object({
    source: z.enum(['sync', 'held', 'decision', 'import']),
    runId: id.nullable(),
    inserted: count,
    updated: count,
    removed: count,
    /** Deals inserted or updated; absent: too many, load anew. */
    ids: ids.optional(),
    /** Deals that are gone; absent: too many, load anew. */
    removedIds: ids.optional(),
    /** Newly inserted deals of today, the ones that pling; never more than the cap. */
    new: ids,
  }),
  sms: z.object({ count }),
  duplicates: z.object({ open: count, opened: ids, revised: count, withdrawn: count }),
  /** Somebody began or ceased to look at a case. */
  claims: z.object({}),
  /** Rules that decide duplicates were made, changed, switched or removed. */
  rules: z.object({}),
  held: z.object({ id, state: z.enum(['held', 'accepted', 'discarded', 'withdrawn', 'done']) }),
  rejected: z.object({ open: count }),
  agents: z.object({}),
  /** The catalogue, what the office sells, its validation, proposals or orders; `ids` are of mappings or orders. */
  packages: z.object({
    what: z.enum(['catalogue', 'mine', 'validation', 'proposals', 'orders']),
    ids: ids.optional(),
  }),
  run: z.object({
    id,
    source: z.string(),
    state: z.enum(['running', 'complete', 'incomplete', 'failed', 'cancelled']),
  }),
  /** Read the mode anew. */
  mode: z.object({ mode: z.enum(['async_queue', 'sync_direct']) }),
  /** Accounts were made, or requests for them moved. */
  accounts: z.object({}),
  settings: z.object({ keys: z.array(z.string()) }),
  health: z.object({ id, type: z.enum(['INFO', 'WARNING', 'ERROR', 'SWITCH', 'CRITICAL']) }),
  /** Everything was replaced by a backup (null: of nobody knows when): what was kept of the time since, and every cache, is of another life. */
  restored: z.object({ epoch: z.string(), backup_at: z.iso.datetime().nullable() }),
  /** Written by a newer program, or unreadable: whoever depends on everything loads anew. */
  unknown: z.object({ kind: z.string() }),
} as const;

export type ChangeKind = Exclude<keyof typeof changeData, 'unknown'>;
export type ChangeData<Kind extends keyof typeof changeData> = z.infer<(typeof changeData)[Kind]>;

function entry<Kind extends keyof typeof changeData>(kind: Kind) {
  return z.object({
    seq: z.number().int().positive(),
    at: z.iso.datetime(),
    kind: z.literal(kind),
    data: changeData[kind],
  });
}

/** One entry of the change log. `seq` counts commits without gaps; `at` is an ISO instant in UTC. */
export const changeSchema = z.discriminatedUnion('kind', [
  entry('deals'),
  entry('sms'),
  entry('duplicates'),
  entry('claims'),
  entry('rules'),
  entry('held'),
  entry('rejected'),
  entry('agents'),
  entry('packages'),
  entry('run'),
  entry('mode'),
  entry('accounts'),
  entry('settings'),
  entry('health'),
  entry('restored'),
  entry('unknown'),
]);

export type Change = z.infer<typeof changeSchema>;

/** Reads a stored entry; a kind or a shape that this program does not know becomes `unknown`, never an error. */
export function readChange(stored: { seq: number; at: Date; kind: string; data: unknown }): Change {
  const base = { seq: stored.seq, at: stored.at.toISOString() };
  const read = changeSchema.safeParse({ ...base, kind: stored.kind, data: stored.data });
  return read.success ? read.data : { ...base, kind: 'unknown', data: { kind: stored.kind } };
}
