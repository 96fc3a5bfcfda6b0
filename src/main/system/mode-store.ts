import { systemMode, type SystemMode } from '../../shared/contract/mode.ts';
import { deadAfter, type ProcessKind } from './processes.ts';
import type { Database } from '../storage/postgres.ts';
import { appendAudit } from './audit.ts';
import { appendChange } from './change-log.ts';
import { raiseHealthEvent } from './health-events.ts';

const storedMode = `coalesce((select value #>> '{}' from system_config where key = 'mode'), $1)`;

/** The stored mode; in the same statement this process's row says that it believes so, and since when. */
export async function readAndNoteMode(
  database: Database,
  processId: string,
  initial: SystemMode,
): Promise<SystemMode> {
  const found = await database.vital.query<{ mode: string }>(
    `with stored as (select ${storedMode} as mode),
          noted as (
            update processes p set mode = stored.mode, mode_since = clock_timestamp()
              from stored
             where p.id = $2 and p.mode is distinct from stored.mode
               and stored.mode in ('async_queue', 'sync_direct'))
     select mode from stored`,
    [initial, processId],
  );
  // One that this program does not know was set by a newer one: the initial one is the careful choice.
  return systemMode.safeParse(found.rows[0]?.mode).data ?? initial;
}

/** Stores a mode with its audit entry, a SWITCH and the change that every process hears; false: it was that already. */
export async function storeMode(
  database: Database,
  mode: SystemMode,
  initial: SystemMode,
  by: { actor: string; console: string; at: Date },
): Promise<boolean> {
  return database.transaction(async (tx) => {
    // The row is made first, so that two first switches lock the same one.
    await tx.query(
      `insert into system_config (key, value, version, updated_by) values ('mode', to_jsonb($1::text), 0, 'opsdeck')
       on conflict (key) do nothing`,
      [initial],
    );
    const found = await tx.query<{ mode: string | null }>(
      `select value #>> '{}' as mode from system_config where key = 'mode' for update`,
    );
    const before = found.rows[0]?.mode ?? null;
    if (before === mode) return false;
    await tx.query(
      `update system_config set value = to_jsonb($1::text), version = version + 1, updated_at = $2, updated_by = $3
        where key = 'mode'`,
      [mode, by.at, by.actor],
    );
    await appendAudit(tx, {
      at: by.at,
      actor: by.actor,
      console: by.console,
      action: 'mode.switch',
      target: 'mode',
      before: { mode: before },
      after: { mode },
    });
    const words = `${by.actor} switched the mode from ${before} to ${mode}.`;
    await raiseHealthEvent(tx, 'SWITCH', words, {
      kind: 'mode',
      from: before,
      to: mode,
      actor: by.actor,
    });
    await appendChange(tx, 'mode', { mode });
    return true;
  });
}

export interface ModeOfProcess {
  id: string;
  kind: ProcessKind;
  host: string;
  pid: number;
  version: string;
  mode: SystemMode | null;
  since: Date | null;
  seenAt: Date;
  alive: boolean;
  runsTasks: boolean;
}

/** Every process on the list with the mode that it goes by, the living first. */
export async function listModes(database: Database): Promise<ModeOfProcess[]> {
  const found = await database.query<ModeOfProcess>(
    `select id, kind, host, pid, version, mode, mode_since as since, seen_at as "seenAt", runs_tasks as "runsTasks",
            seen_at > clock_timestamp() - ${deadAfter} as alive
       from processes
      order by alive desc, started_at, id`,
  );
  return found.rows;
}

/** Says of a process whether it carries out tasks. */
export async function noteRunsTasks(database: Database, processId: string, runs: boolean): Promise<void> {
  await database.query('update processes set runs_tasks = $2 where id = $1', [processId, runs]);
}
