import type { Queryable, Transaction } from '../storage/postgres.ts';

/** How long a claim lasts unless it is renewed, in SQL. */
const claimFor = `interval '2 minutes'`;

export interface StoredClaim {
  duplicateId: number;
  processId: string;
  actor: string;
  until: Date;
}

/** Claims of open cases that still last, oldest case first. */
export async function liveClaims(db: Queryable): Promise<StoredClaim[]> {
  const found = await db.query<StoredClaim>(
    `select c.duplicate_id as "duplicateId", c.process_id as "processId", c.actor, c.until
       from duplicate_claims c
       join pending_duplicates p on p.id = c.duplicate_id and p.status = 'pending'
      where c.until > clock_timestamp()
      order by c.duplicate_id`,
  );
  return found.rows;
}

/**
 * Locks, in one order, what a process claims and the claim it asks for; answers those that still last. Two processes
 * that change places would otherwise wait for each other.
 */
export async function lockClaims(
  tx: Transaction,
  by: { processId: string; duplicateId: number },
): Promise<{ duplicateId: number; processId: string }[]> {
  const found = await tx.query<{ duplicateId: number; processId: string; lasts: boolean }>(
    `select duplicate_id as "duplicateId", process_id as "processId", until > clock_timestamp() as lasts
       from duplicate_claims
      where process_id = $1 or duplicate_id = $2
      order by duplicate_id
        for update`,
    [by.processId, by.duplicateId],
  );
  return found.rows.filter((row) => row.lasts);
}

/** Claims an open case, or renews the claim; false when another still has it or the case is not open. */
export async function putClaim(
  tx: Transaction,
  claim: { duplicateId: number; processId: string; actor: string },
): Promise<boolean> {
  const put = await tx.query(
    `insert into duplicate_claims (duplicate_id, process_id, actor, until)
     select id, $2, $3, clock_timestamp() + ${claimFor} from pending_duplicates where id = $1 and status = 'pending'
     on conflict (duplicate_id) do update
        set process_id = excluded.process_id, actor = excluded.actor, until = excluded.until
      where duplicate_claims.process_id = excluded.process_id or duplicate_claims.until <= clock_timestamp()`,
    [claim.duplicateId, claim.processId, claim.actor],
  );
  return put.rowCount === 1;
}

/** Gives back what a process claims, but for one case; answers how many of them others could see. */
export async function dropClaims(
  tx: Transaction,
  by: { processId: string; except: number | null },
): Promise<number> {
  const dropped = await tx.query<{ lasted: boolean }>(
    `delete from duplicate_claims where process_id = $1 and duplicate_id is distinct from $2
     returning until > clock_timestamp() and exists (
       select from pending_duplicates p where p.id = duplicate_id and p.status = 'pending') as lasted`,
    [by.processId, by.except],
  );
  return dropped.rows.filter((row) => row.lasted).length;
}
