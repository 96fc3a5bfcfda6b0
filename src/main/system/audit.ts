import type { Database, Queryable, Transaction } from '../storage/postgres.ts';

/** One decision or change by a person, as it goes into the log. */
export interface AuditEntry {
  /** Business time of the decision. */
  at: Date;
  /** Who, as claimed. */
  actor: string;
  /** On which console or by which door. */
  console: string;
  /** What was done: 'settings.change', 'duplicate.approve', … */
  action: string;
  target?: string | undefined;
  note?: string | undefined;
  before?: unknown;
  after?: unknown;
}

/** `why` is a sentence for a person; `firstBad` the id of the first row that does not fit. */
export type AuditVerdict =
  { ok: true; rows: number } | { ok: false; rows: number; firstBad: number; why: string };

/**
 * The chain, so that anybody can check it with `sha256` and this text alone:
 *
 *   hash = sha256(utf8(text)), text = Postgres's own rendering of the JSON array
 *     [prev_hash in hex, id, at in seconds since 1970 with microseconds, actor, console, action,
 *      target, note, before as text, after as text]
 *
 * prev_hash is the hash of the row with the next lower id, 32 zero bytes for the first. Every field stands in the
 * text, each at its own place and quoted, so that nothing can move from one to another. `audit_head` holds the hash
 * of the last row, which is how a missing end is found. Who may rewrite the whole table *and* the head can forge.
 */
function chainText(row: string): string {
  return `jsonb_build_array(encode(${row}.prev_hash, 'hex'), ${row}.id, extract(epoch from ${row}.at)::text,
    ${row}.actor, ${row}.console, ${row}.action, ${row}.target, ${row}.note,
    ${row}.before::text, ${row}.after::text)::text`;
}

/** Hash of a row as it should be, in SQL. */
const hashOf = (row: string) => `sha256(convert_to(${chainText(row)}, 'UTF8'))`;

/**
 * Adds an entry to the chain and answers its id. The head stays locked until the transaction ends, so it belongs near
 * its end: after the work, before `appendChange` (always in this order, or two writers wait for each other).
 */
export async function appendAudit(tx: Transaction, entry: AuditEntry): Promise<number> {
  const appended = await tx.query<{ id: number }>(
    // The id is drawn after the head is locked (the CTE is read first), so ids follow the chain.
    `with head as materialized (select hash from audit_head where id = 1 for update),
          entry as materialized (
            select nextval(pg_get_serial_sequence('audit_log', 'id')) as id, $1::timestamptz as at, $2::text as actor,
                   $3::text as console, $4::text as action, $5::text as target, $6::text as note,
                   $7::jsonb as before, $8::jsonb as after, head.hash as prev_hash
              from head),
          logged as (
            insert into audit_log (id, at, actor, console, action, target, note, before, after, prev_hash, hash)
              overriding system value
            select id, at, actor, console, action, target, note, before, after, prev_hash, ${hashOf('entry')}
              from entry
            returning id, hash)
     update audit_head set hash = logged.hash from logged where audit_head.id = 1 returning logged.id`,
    [
      entry.at,
      storable(entry.actor),
      storable(entry.console),
      storable(entry.action),
      entry.target === undefined ? null : storable(entry.target),
      entry.note === undefined ? null : storable(entry.note),
      toJson(entry.before),
      toJson(entry.after),
    ],
  );
  const row = appended.rows[0];
  if (!row) throw new Error('the head of the audit chain is missing');
  return row.id;
}

/** Postgres text holds neither NUL nor half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

function toJson(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storable(part) : part));
}

/** Reads the whole log once, in one snapshot, and says whether any row was changed, removed, added or re-ordered. */
export async function verifyAudit(database: Database): Promise<AuditVerdict> {
  return database.transaction(verifyChain, { statementTimeoutMs: 600_000 });
}

/** The same inside a transaction. */
export async function verifyChain(tx: Queryable): Promise<AuditVerdict> {
  const found = await tx.query<{
    rows: number;
    last: number;
    endFits: boolean;
    bad: number | null;
    linked: boolean | null;
  }>(
    `with chain as materialized (
       select id, hash, hash = ${hashOf('a')} as intact,
              prev_hash = coalesce(lag(hash) over (order by id), decode(repeat('00', 32), 'hex')) as linked
         from audit_log a),
     total as (select count(*) as rows, coalesce(max(id), 0) as last from chain),
     bad as (select id, linked from chain where not (intact and linked) order by id limit 1)
     select total.rows, total.last, bad.id as bad, bad.linked,
            coalesce((select hash from audit_head where id = 1)
                     = coalesce((select hash from chain where id = total.last), decode(repeat('00', 32), 'hex')),
                     false) as "endFits"
       from total left join bad on true`,
  );
  const { rows, last, endFits, bad, linked } = found.rows[0]!;
  if (bad !== null) {
    const why = linked
      ? `Entry ${bad} was changed after it was written.`
      : `Entry ${bad} does not follow the entry before it: one was removed, added or moved.`;
    return { ok: false, rows, firstBad: bad, why };
  }
  if (endFits) return { ok: true, rows };
  return {
    ok: false,
    rows,
    firstBad: last + 1,
    why: `The log ends too early: entries after ${last} were removed.`,
  };
}
