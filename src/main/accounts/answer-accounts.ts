import type { ListPreview, ListProgress } from '../../shared/contract/accounts.ts';
import { OpsdeckError } from '../errors.ts';
import { iterateEvents } from '../iterate-events.ts';
import type { Queryable } from '../storage/postgres.ts';
import { knownEmails, listAccounts, listUnfinished, type AccountRow } from './accounts-store.ts';
import type { ListRunner } from './list-runner.ts';
import { checkList, readList } from './read-list.ts';
import { resultsCsv } from './results-csv.ts';

/** One page of the accounts that this office made. */
export async function list(
  db: Queryable,
  input: { search?: string | undefined; limit: number; offset: number },
) {
  const { rows, count } = await listAccounts(db, input);
  return { accounts: rows.map(accountView), count };
}

/** An account as windows and scripts see it. */
export function accountView(row: AccountRow) {
  return { ...row, created_at: row.created_at.toISOString() };
}

/** Requests without an account, and whether the directory is configured here. */
export async function requests(db: Queryable, limit: number, missing: readonly string[]) {
  const { rows, count } = await listUnfinished(db, limit);
  return {
    requests: rows.map((row) => ({
      key: row.key,
      email: row.email,
      name: row.name,
      plan: row.plan,
      state: row.state === 'refused' ? ('refused' as const) : ('open' as const),
      path: row.path,
      message: row.message,
      actor: row.actor,
      created_at: row.createdAt.toISOString(),
      updated_at: row.updatedAt.toISOString(),
    })),
    count,
    configured: missing.length === 0,
    missing: [...missing],
  };
}

/** A list as it would run. */
export async function previewList(db: Queryable, text: string): Promise<ListPreview> {
  const read = readList(text);
  const emails = 'rows' in read ? read.rows.map(({ email }) => email) : [];
  return checkList(read, await knownEmails(db, emails));
}

/** Runs what is ready of a list; false when one is under way here. */
export async function startList(db: Queryable, lists: ListRunner, text: string) {
  const preview = await previewList(db, text);
  if (preview.ready === 0) return { started: false, total: 0 };
  return { started: lists.start(preview.rows), total: preview.ready };
}

/** How far the list is: first as it is, then each step. */
export async function* listProgress(
  lists: ListRunner,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListProgress> {
  const events = iterateEvents<ListProgress>(signal, (push) => lists.subscribe(push));
  const now = lists.state();
  if (now) yield now;
  yield* events;
}

/** Saves what came of each row of the latest list. NOT_FOUND: none ran since the start. */
export async function exportResults(
  lists: Pick<ListRunner, 'state'>,
  desktop: { saveFile(suggestedName: string, text: string): Promise<string | null> },
  language: 'sv' | 'en',
): Promise<{ path: string | null; rows: number }> {
  const latest = lists.state();
  if (latest === null)
    throw new OpsdeckError('NOT_FOUND', 'No list ran here since the start. Run one first.');
  const name = language === 'sv' ? 'konton-resultat.csv' : 'accounts-results.csv';
  const path = await desktop.saveFile(name, resultsCsv(latest.rows, language));
  return { path, rows: latest.rows.length };
}
