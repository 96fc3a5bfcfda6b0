import type { Transaction } from '../storage/postgres.ts';

/** A write gives its row a newer transaction than any before, so that no two states of as many rows have the same sum. */
const versions =
  '(select count(*) as packages, coalesce(sum(xmin::text::bigint), 0) as versions from packages) now';

/**
 * Nobody else writes packages until the transaction ends; reading goes on. What was written before is seen by the
 * comparison, what comes after is not noted as seen.
 */
export async function lockCatalogue(tx: Transaction): Promise<void> {
  await tx.query('lock table packages in share row exclusive mode');
}

/** Whether the last whole pass had this answer, and left the packages, the shelf and no hold just as they are. */
export async function isAsSeen(tx: Transaction, digest: string): Promise<boolean> {
  const rows = await tx.query(
    `select from catalogue_seen seen, ${versions}
      where seen.digest = $1 and seen.packages = now.packages and seen.versions = now.versions
        and not exists (select from rejected_records where source = 'packages')
        and not exists (select from held_removals where source = 'packages' and state = 'held')`,
    [digest],
  );
  return rows.rowCount === 1;
}

/** Keeps what a pass ended with that left nothing open; told in its own transaction, after its writes to packages. */
export async function noteSeen(tx: Transaction, digest: string): Promise<void> {
  await tx.query(
    `insert into catalogue_seen as seen (id, digest, packages, versions)
     select 1, $1, now.packages, now.versions from ${versions}
     on conflict (id) do update
        set digest = excluded.digest, packages = excluded.packages, versions = excluded.versions
      where (seen.digest, seen.packages, seen.versions) <> (excluded.digest, excluded.packages, excluded.versions)`,
    [digest],
  );
}
