import type { Database } from '../../storage/postgres.ts';

/** So many names are looked for in what leaves the office; no office has more people. */
const mostNames = 20_000;

/** Names and addresses of everybody the database knows, so that they can be hidden. */
export async function listKnownNames(database: Database): Promise<string[]> {
  const found = await database.query<{ name: string }>(
    `select distinct name from (
       select name from agents union all
       select name from accounts union all select email from accounts union all
       select name from account_requests union all select email from account_requests union all
       select actor from audit_log) known
      where name is not null limit $1`,
    [mostNames],
  );
  return found.rows.map(({ name }) => name);
}

/** Names of the computers that run a part of the program. */
export async function listHosts(database: Database): Promise<string[]> {
  const found = await database.query<{ host: string }>(
    'select distinct host from processes order by host limit 200',
  );
  return found.rows.map(({ host }) => host);
}

export interface DatabaseFacts {
  server: string;
  bytes: number;
  connections: number;
  /** Applied migrations, the oldest first. */
  schema: string[];
  changes: number;
  /** Rows as the planner estimates them, by table. */
  tables: Record<string, number>;
}

/** How the database is: version, size, schema, rows. Counts nothing, so that a large one answers as fast. */
export async function readDatabaseFacts(database: Database): Promise<DatabaseFacts> {
  const found = await database.query<DatabaseFacts>(
    `select version() as server, pg_database_size(current_database())::float8 as bytes,
            (select count(*)::int from pg_stat_activity where datname = current_database()) as connections,
            (select array_agg(name order by id) from opsdeck_migrations) as schema,
            (select coalesce(max(seq), 0)::float8 from change_log) as changes,
            (select jsonb_object_agg(relname, greatest(reltuples, 0)::bigint) from pg_class
              where relkind = 'r' and relnamespace = 'public'::regnamespace) as tables`,
  );
  return found.rows[0]!;
}

/** What waits for a person, counted. */
export async function countWaiting(database: Database): Promise<Record<string, number>> {
  const found = await database.query<Record<string, number>>(
    `select (select count(*)::int from pending_duplicates where status = 'pending') as duplicates,
            (select count(*)::int from held_removals where state = 'held') as held,
            (select count(*)::int from rejected_records) as rejected,
            (select count(*)::int from account_requests where state = 'open') as "accountRequests"`,
  );
  return found.rows[0]!;
}
