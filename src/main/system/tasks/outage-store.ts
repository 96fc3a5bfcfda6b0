import type { Transaction } from '../../storage/postgres.ts';

/** Notes that the queue is away; false when that is noted already. */
export async function beginOutage(tx: Transaction, label: string): Promise<boolean> {
  const begun = await tx.query(
    `insert into system_config (key, value, updated_by) values ('queue_outage', jsonb_build_object('queue', $1::text), 'opsdeck')
     on conflict (key) do nothing`,
    [label],
  );
  return begun.rowCount === 1;
}

/** Notes that it is back; false when no outage was noted. */
export async function endOutage(tx: Transaction): Promise<boolean> {
  const ended = await tx.query(`delete from system_config where key = 'queue_outage'`);
  return (ended.rowCount ?? 0) > 0;
}
