import { listTables, ourSchema } from '../../../src/main/storage/backup/catalogue-store.ts';
import type { Database } from '../../../src/main/storage/postgres.ts';
import { appendAudit } from '../../../src/main/system/audit.ts';
import { appendChange } from '../../../src/main/system/change-log.ts';

/** Texts in which every sign that a copy could trip over stands. */
const hostile = [
  'tab\there, line\nend, return\r, back\\slash, \\N and \\.',
  '"; drop table deals; --',
  'Åkesson 🦄 \u202eright to left\u202c \u0001',
  '',
];

/** Fills the tables of an office: numbers at their limits, arrays, JSON, bytes, nulls and hostile texts. */
export async function fillOffice(database: Database, deals = 2_000): Promise<void> {
  await database.query(
    `insert into agents (user_id, name, group_name) select n, $1 || n, $2 from generate_series(1, 20) n`,
    [hostile[0]!, hostile[2]!],
  );
  await database.query(
    `insert into deals (lead_id, user_id, commission, multi_deals, order_date, order_date_source, status, notes,
                        follows, upstream_updated_at)
     select 'L' || n, n % 20 + 1, case when n % 7 = 0 then null else n * 1234567.89 % 999999999999 end, n % 3 + 1,
            timestamptz '2026-11-01' + n * interval '977.000123 seconds', 'instant', 'success',
            case when n % 5 = 0 then array['a b', $2, 'c"d', null]::text[] else '{}' end, true, now()
       from generate_series(1, $1) n`,
    [deals, hostile[0]!],
  );
  await database.query(`update deals set replaced_by = id + 1, is_duplicate = true where id % 50 = 1`);
  // The newest are gone again: their numbers must never be given a second time.
  await database.query(`delete from deals where id > (select max(id) - 3 from deals)`);
  await database.query(
    `insert into sms_messages (id, user_id, receiver, "timestamp", status)
     select 'S' || n, n % 20 + 1, '+46' || n % 300, timestamptz '2026-11-10' + n * interval '61 seconds', 'delivered'
       from generate_series(1, $1) n`,
    [deals],
  );
  await database.query(
    `insert into pending_duplicates (lead_id, new_user_id, new_order_date, new_multi_deals, new_status, new_data, state_key,
                                     reasons, existing_deal_id, detected_at)
     select lead_id, 1, order_date, 1, 'success', jsonb_build_object('text', $1::text, 'deep', jsonb_build_array(1, null)),
            'k' || id, '{agent}', id, now() from deals order by id limit 40`,
    [hostile[1]!],
  );
  for (const [index, text] of hostile.entries()) {
    await database.transaction(async (tx) => {
      await appendAudit(tx, {
        at: new Date('2026-11-20T10:00:00.123Z'),
        actor: text,
        console: 'test',
        action: 'settings.change',
        note: text,
        before: { text, number: 0.1 + index },
      });
      await appendChange(tx, 'settings', { keys: [] });
    });
  }
}

/** What every table holds, table by table, to be compared. */
export async function fingerprint(
  database: Database,
  except: readonly string[] = [],
): Promise<Record<string, string>> {
  const tables = await listTables(database, await ourSchema(database));
  const found: Record<string, string> = {};
  for (const { name } of tables.filter((table) => !except.includes(table.name))) {
    const rows = await database.query<{ print: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, e'\\n' order by t::text collate "C")), '') as print
         from "${name}" t`,
    );
    found[name] = rows.rows[0]!.print;
  }
  return found;
}
