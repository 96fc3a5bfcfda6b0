import type { Sqlite } from '../storage/sqlite.ts';
import type { PlingLedger } from './pling-ledger.ts';

/** The ledger in the durable file; one transaction for each call. */
export function createPlingLedger(sqlite: Sqlite): PlingLedger {
  const attended = sqlite.prepare<[string], { at: string }>(
    'select attended_at as at from walls where wall = ?',
  );
  const attend = sqlite.prepare(
    `insert into walls (wall, attended_at) values (?, ?)
       on conflict (wall) do update set attended_at = excluded.attended_at`,
  );
  const known = sqlite.prepare<[string, string, number, string, number], { found: number }>(
    `select 1 as found from plings
      where wall = ? and lead_id = ? and (user_id = ? and order_date = ? or deal_id = ?) limit 1`,
  );
  const insert = sqlite.prepare(
    `insert into plings (wall, lead_id, user_id, order_date, deal_id, state, at) values (?, ?, ?, ?, ?, ?, ?)
       on conflict do nothing`,
  );
  const prune = sqlite.prepare('delete from plings where order_date < ?');
  const record = sqlite.transaction((...[wall, deals, state, at]: Parameters<PlingLedger['record']>) => {
    const when = at.toISOString();
    for (const deal of deals)
      insert.run(wall, deal.leadId, deal.userId, deal.orderDate.toISOString(), deal.id, state, when);
  });
  return {
    attendedAt(wall) {
      const row = attended.get(wall);
      return row ? new Date(row.at) : null;
    },
    attend: (wall, at) => void attend.run(wall, at.toISOString()),
    knows: (wall, deal) =>
      known.get(wall, deal.leadId, deal.userId, deal.orderDate.toISOString(), deal.id) !== undefined,
    record,
    prune: (before) => void prune.run(before.toISOString()),
    close: () => void sqlite.close(),
  };
}
