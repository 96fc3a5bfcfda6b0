import { wasKilled } from '../../storage/killed-processes.ts';
import type { Database } from '../../storage/postgres.ts';

/** Says whose a pool of task workers is. */
export async function notePool(database: Database, poolId: string, processId: string): Promise<void> {
  await database.query(
    'insert into task_pools (pool_id, process_id) values ($1, $2) on conflict (pool_id) do nothing',
    [poolId, processId],
  );
}

/** Says that a pool has ended while its process lives: it is nobody's from now on. */
export async function notePoolEnded(database: Database, poolId: string): Promise<void> {
  await database.query('update task_pools set process_id = $2 where pool_id = $1', [poolId, nobody]);
}

const nobody = '00000000-0000-0000-0000-000000000000';

/** Of these pools: which are known, and which of them belong to a process that lives. */
export async function livingPools(
  database: Database,
  poolIds: readonly string[],
): Promise<{ poolId: string; lives: boolean }[]> {
  const found = await database.query<{ poolId: string; lives: boolean }>(
    `select t.pool_id as "poolId",
            exists (select from processes p where p.id = t.process_id) and not ${wasKilled('t.process_id')} as lives
       from task_pools t where t.pool_id = any ($1::text[])`,
    [[...poolIds]],
  );
  return found.rows;
}

/** Forgets pools of processes that are not on the list any more. */
export async function prunePools(database: Database): Promise<void> {
  await database.query(
    `delete from task_pools t
      where started_at < clock_timestamp() - interval '1 day'
        and not exists (select from processes p where p.id = t.process_id)`,
  );
}
