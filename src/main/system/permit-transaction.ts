import { OpsdeckError } from '../errors.ts';
import type { Database, Transaction, TransactionOptions } from '../storage/postgres.ts';
import { addWriter, holdsPermit, removeWriter, type PermitKey } from './permits-store.ts';

export function permitLost(source: string): OpsdeckError {
  return new OpsdeckError(
    'PERMIT_LOST',
    `Another process took over writing ${source}; this pass saved nothing more. It is repeated by itself.`,
  );
}

/** A permit, and the leader's term in which the work under it was begun; null for what a person asked for. */
export type FencedKey = PermitKey & { term: number | null };

/**
 * One transaction under a permit. The token is checked as the *last* statement: FOR KEY SHARE conflicts with a
 * taker's change of the unique token, not with the holder's own renewal, and holds until COMMIT. Checked first,
 * the permit could change hands while the work runs.
 */
export async function permitTransaction<T>(
  database: Database,
  key: FencedKey,
  permit: { signal: AbortSignal; lose(): void },
  work: (tx: Transaction) => Promise<T>,
  options?: TransactionOptions,
): Promise<T> {
  permit.signal.throwIfAborted();
  const pids = new Set<number>();
  try {
    return await database.transaction(async (tx) => {
      pids.add(tx.backendPid);
      // On another connection: the taker must see it now, and this one would lock the row until COMMIT.
      if (!(await addWriter(database, key, tx.backendPid))) throw permitLost(key.source);
      const result = await work(tx);
      permit.signal.throwIfAborted();
      await checkToken(tx, key);
      return result;
    }, options);
  } catch (error) {
    throw await explainLoss(database, key, permit, error);
  } finally {
    // Not waited for, the deals are committed: a pid that stays listed is harmless, since a taker ends only
    // transactions begun while this permit was held, and giving the permit back empties the list.
    for (const pid of pids) void removeWriter(database, key, pid).catch(() => {});
  }
}

/**
 * Token and term in one round trip: a new leader's first passes may be over other sources, so the permit alone would
 * let the old leader's last words come after them. An election changes the unique term, a renewal does not.
 */
async function checkToken(tx: Transaction, key: FencedKey): Promise<void> {
  const held =
    key.term === null
      ? await tx.query(
          'select 1 from sync_permits where source = $1 and token = $2 for key share',
          [key.source, key.token],
          'check-permit',
        )
      : await tx.query(
          `select 1 from sync_permits p join leader_lease l on l.id = 1 and l.term = $3
            where p.source = $1 and p.token = $2 for key share`,
          [key.source, key.token, key.term],
          'check-permit-and-term',
        );
  if (held.rowCount !== 1) throw permitLost(key.source);
}

/**
 * Ends a transaction under a second permit too: both tokens hold until COMMIT, so that no pass over either source can
 * come between. To be asked last, as the transaction's own token is.
 */
export async function endUnder(
  tx: Transaction,
  permit: { source: string; token: string; signal: AbortSignal },
): Promise<void> {
  permit.signal.throwIfAborted();
  await checkToken(tx, { source: permit.source, token: permit.token, term: null });
}

/** A taker ends our connection, which looks like a database that is away: ask whether the permit is still ours. */
async function explainLoss(
  database: Database,
  key: PermitKey,
  permit: { signal: AbortSignal; lose(): void },
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof OpsdeckError)) return error;
  if (error.code === 'DATABASE_AWAY') {
    const held = await holdsPermit(database, key).catch(() => true);
    if (held) return error;
  } else if (error.code !== 'PERMIT_LOST') {
    return error;
  }
  permit.lose();
  return permitLost(key.source);
}
