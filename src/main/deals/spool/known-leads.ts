import type { Queryable } from '../../storage/postgres.ts';
import { leadsOfDeals } from './reading-store.ts';

/** So many of the newest deals are known by their leads; ten windows of an ordinary office. */
const mostLeads = 50_000;
const perQuery = 2_000;
/** Looked at again below the newest: a transaction that took its ids earlier may have committed later. */
const lookBack = 1_000;

/** Which leads have a deal, in memory, so that a new one can be told from an old one without the database. */
export interface KnownLeads {
  /** Null while nothing was read yet. */
  has(leadId: string): boolean | null;
  /** Reads what was added since the last time; the first time, the newest deals. */
  follow(db: Queryable): Promise<void>;
}

export function createKnownLeads(): KnownLeads {
  let leads: Set<string> | null = null;
  let newest = 0;

  async function readNewest(db: Queryable): Promise<void> {
    const found = new Set<string>();
    for (let below = Number.MAX_SAFE_INTEGER; found.size < mostLeads;) {
      const rows = await leadsOfDeals(db, { below }, perQuery);
      for (const { leadId } of rows) found.add(leadId);
      newest = Math.max(newest, rows[0]?.id ?? 0);
      const last = rows.at(-1);
      if (!last || rows.length < perQuery) break;
      below = last.id;
    }
    leads = found;
  }

  async function readAdded(db: Queryable, known: Set<string>): Promise<void> {
    for (let above = newest - lookBack; ;) {
      const rows = await leadsOfDeals(db, { above }, perQuery);
      for (const { leadId } of rows) known.add(leadId);
      above = rows.at(-1)?.id ?? above;
      newest = Math.max(newest, above);
      if (rows.length < perQuery) break;
    }
    // A set keeps the order in which its values came: the oldest go.
    for (const leadId of known) {
      if (known.size <= mostLeads + perQuery) break;
      known.delete(leadId);
    }
  }

  return {
    has: (leadId) => leads && leads.has(leadId),
    follow: (db) => (leads === null ? readNewest(db) : readAdded(db, leads)),
  };
}
