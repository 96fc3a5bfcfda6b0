import type { Database, Queryable } from '../storage/postgres.ts';
import { appendAudit } from './audit.ts';
import { appendChange } from './change-log.ts';
import {
  allOn,
  changeSwitches,
  scheduleSwitches,
  type ScheduleChange,
  type ScheduleSwitches,
} from './schedule-switches.ts';

/** What is switched off. What cannot be read was written by a newer program: then nothing runs by itself here. */
export async function readSwitches(db: Queryable): Promise<ScheduleSwitches> {
  const found = await db.query<{ value: unknown; at: Date }>(
    `select value, updated_at as at from system_config where key = 'schedules'`,
  );
  const row = found.rows[0];
  return row ? readStored(row.value, row.at) : allOn;
}

/** Stores a change with its audit entry and the change `settings` that every process hears; answers what holds then. */
export async function storeSwitches(
  database: Database,
  change: ScheduleChange,
  by: { actor: string; console: string; at: Date },
): Promise<ScheduleSwitches> {
  return database.transaction(async (tx) => {
    await tx.query(
      `insert into system_config (key, value, version, updated_by) values ('schedules', $1, 0, 'opsdeck')
       on conflict (key) do nothing`,
      [JSON.stringify(allOn)],
    );
    const found = await tx.query<{ value: unknown; at: Date }>(
      `select value, updated_at as at from system_config where key = 'schedules' for update`,
    );
    const row = found.rows[0]!;
    const before = readStored(row.value, row.at);
    const after = changeSwitches(before, change, by);
    await tx.query(
      `update system_config set value = $1, version = version + 1, updated_at = $2, updated_by = $3
        where key = 'schedules'`,
      [JSON.stringify(after), by.at, by.actor],
    );
    await appendAudit(tx, {
      at: by.at,
      actor: by.actor,
      console: by.console,
      action: `schedules.${change.kind}`,
      target: 'job' in change && change.job !== null ? change.job : 'all',
      before: { ...before },
      after: { ...after },
    });
    await appendChange(tx, 'settings', { keys: ['schedules'] });
    return after;
  });
}

function readStored(value: unknown, at: Date): ScheduleSwitches {
  const read = scheduleSwitches.safeParse(value);
  return read.success ? read.data : { stopped: { at: at.toISOString(), by: 'opsdeck' }, jobs: {} };
}
