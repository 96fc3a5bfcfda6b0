import type { Queryable } from '../../storage/postgres.ts';
import { overlapMs } from '../sync-deals.ts';
import type { HeldLead } from './plan-drain.ts';

/** More leads than this that moved within the overlap are a bulk pass: reading them again costs little beside it. */
const mostStamps = 20_000;

/** Where delta passes stand: the cursor, and the stamps of leads that the next one will read again. */
export async function readDeltaPlace(
  db: Queryable,
): Promise<{ cursor: Date | null; stamps: Map<string, Date> }> {
  const found = await db.query<{ position: Date | null; leads: string[] | null; stamps: number[] | null }>(
    `with place as (select max(position) as position from sync_cursors where source = 'deals'),
          lately as (select d.lead_id, extract(epoch from d.upstream_updated_at) * 1000 as stamp
                       from deals d, place p
                      where d.follows
                        and d.upstream_updated_at >= p.position - $1::float8 * interval '1 millisecond'
                      limit $2)
     select (select position from place) as position, array_agg(lead_id) as leads,
            array_agg(stamp::float8) as stamps from lately`,
    [overlapMs + 1_000, mostStamps],
  );
  const { position = null, leads, stamps } = found.rows[0] ?? {};
  return {
    cursor: position,
    stamps: new Map((leads ?? []).map((lead, at) => [lead, new Date(stamps![at]!)])),
  };
}

/** The next leads that have a deal with an id above (or, newest first, below) one. */
export async function leadsOfDeals(
  db: Queryable,
  at: { above: number } | { below: number },
  limit: number,
): Promise<{ id: number; leadId: string }[]> {
  const found =
    'above' in at
      ? await db.query<{ id: number; leadId: string }>(
          'select id, lead_id as "leadId" from deals where id > $1 order by id limit $2',
          [at.above, limit],
        )
      : await db.query<{ id: number; leadId: string }>(
          'select id, lead_id as "leadId" from deals where id < $1 order by id desc limit $2',
          [at.below, limit],
        );
  return found.rows;
}

/** All campaigns' names. */
export async function campaignNames(db: Queryable): Promise<Map<string, string>> {
  const found = await db.query<{ id: string; name: string }>(
    'select id, name from campaigns where name is not null',
  );
  return new Map(found.rows.map(({ id, name }) => [id, name]));
}

/** What is held of leads that readings are about. */
export async function heldLeads(db: Queryable, leadIds: readonly string[]): Promise<Map<string, HeldLead>> {
  const found = await db.query<HeldLead & { leadId: string }>(
    `select l.lead_id as "leadId",
            (select d.upstream_updated_at from deals_all d where d.lead_id = l.lead_id and d.follows) as stamp,
            (select max(h.changed_at) from deal_history h
              where h.lead_id = l.lead_id and h.change = 'removed') as "removedAt"
       from unnest($1::text[]) as l (lead_id)`,
    [[...leadIds]],
  );
  return new Map(found.rows.map(({ leadId, stamp, removedAt }) => [leadId, { stamp, removedAt }]));
}
