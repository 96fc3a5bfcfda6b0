import type { Queryable } from '../storage/postgres.ts';
import type { RequestRow } from './requests-store.ts';

export interface AccountRow {
  id: number;
  email: string;
  name: string;
  plan: string;
  request_key: string;
  directory_id: string;
  created_at: Date;
  created_by: string;
}

/** One page of accounts, newest first, and how many there are; the search looks in email, name and plan. */
export async function listAccounts(
  db: Queryable,
  page: { search?: string | undefined; limit: number; offset: number },
): Promise<{ rows: AccountRow[]; count: number }> {
  const search = page.search?.trim() ?? '';
  const where = `($1 = '' or strpos(lower(email || ' ' || name || ' ' || plan), lower($1)) > 0)`;
  const [rows, counted] = [
    await db.query<AccountRow>(
      `select id, email, name, plan, request_key, directory_id, created_at, created_by
         from accounts where ${where} order by id desc limit $2 offset $3`,
      [search, page.limit, page.offset],
    ),
    await db.query<{ count: number }>(`select count(*)::int as count from accounts where ${where}`, [search]),
  ];
  return { rows: rows.rows, count: counted.rows[0]!.count };
}

/** Requests without an account, open ones first, then newest first. */
export async function listUnfinished(
  db: Queryable,
  limit: number,
): Promise<{ rows: RequestRow[]; count: number }> {
  const rows = await db.query<RequestRow>(
    `select key, email, name, plan, state, path, outcome, code, message, actor, console,
            created_at as "createdAt", updated_at as "updatedAt"
       from account_requests where state <> 'finished'
      order by state, updated_at desc, key limit $1`,
    [limit],
  );
  const counted = await db.query<{ count: number }>(
    `select count(*)::int as count from account_requests where state <> 'finished'`,
  );
  return { rows: rows.rows, count: counted.rows[0]!.count };
}

/** Which of these emails have an account, and which an open request that has not failed; in lower case. */
export async function knownEmails(
  db: Queryable,
  emails: readonly string[],
): Promise<{ accounts: Set<string>; requested: Set<string> }> {
  const lower = [...new Set(emails.map((email) => email.toLowerCase()))];
  const accounts = await db.query<{ email: string }>(
    'select lower(email) as email from accounts where lower(email) = any ($1::text[])',
    [lower],
  );
  const requested = await db.query<{ email: string }>(
    `select lower(email) as email from account_requests where state = 'open' and code is null and lower(email) = any ($1::text[])`,
    [lower],
  );
  const set = (rows: readonly { email: string }[]) => new Set(rows.map((row) => row.email));
  return { accounts: set(accounts.rows), requested: set(requested.rows) };
}

/** Emails of the requests of these keys, by key. */
export async function emailsOfKeys(db: Queryable, keys: readonly string[]): Promise<Map<string, string>> {
  const found = await db.query<{ key: string; email: string }>(
    'select key, email from account_requests where key = any ($1::text[])',
    [[...keys]],
  );
  return new Map(found.rows.map((row) => [row.key, row.email]));
}

/** Queued requests that were finished within the last `withinMs`. */
export async function countFinishedLately(db: Queryable, withinMs: number): Promise<number> {
  const found = await db.query<{ count: number }>(
    `select count(*)::int as count from account_requests
      where state = 'finished' and path = 'queue'
        and finished_at > clock_timestamp() - $1 * interval '1 millisecond'`,
    [withinMs],
  );
  return found.rows[0]!.count;
}

/** How many requests whose key begins so are in which state; for a rehearsal. */
export async function countByState(
  db: Queryable,
  prefix: string,
): Promise<{ created: number; refused: number; open: number; accounts: number }> {
  const found = await db.query<{ created: number; refused: number; open: number; accounts: number }>(
    `select count(*) filter (where state = 'finished')::int as created,
            count(*) filter (where state = 'refused')::int as refused,
            count(*) filter (where state = 'open')::int as open,
            (select count(*)::int from accounts where starts_with(request_key, $1)) as accounts
       from account_requests where starts_with(key, $1)`,
    [prefix],
  );
  return found.rows[0]!;
}

/** Takes a rehearsal's rows away; the audit log keeps its entries. */
export async function removeRehearsed(db: Queryable, prefix: string): Promise<void> {
  await db.query('delete from accounts where starts_with(request_key, $1)', [prefix]);
  await db.query('delete from account_requests where starts_with(key, $1)', [prefix]);
}
