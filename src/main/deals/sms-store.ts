import type { Queryable, Transaction } from '../storage/postgres.ts';
import type { SmsFact } from './map-sms.ts';

/** Messages written per statement; arrays of this size keep main responsive. */
const perStatement = 2_000;

/** Inserts new messages and updates moved ones (a status that went from sent to delivered). Never removes. */
export async function applySms(
  tx: Transaction,
  facts: readonly SmsFact[],
  now: Date,
): Promise<{ inserted: number; updated: number; unchanged: number }> {
  const total = { inserted: 0, updated: 0, unchanged: 0 };
  for (let at = 0; at < facts.length; at += perStatement) {
    const part = facts.slice(at, at + perStatement);
    const counts = await applyPart(tx, part, now);
    total.inserted += counts.inserted;
    total.updated += counts.updated;
    total.unchanged += part.length - counts.inserted - counts.updated;
  }
  return total;
}

async function applyPart(
  tx: Transaction,
  facts: readonly SmsFact[],
  now: Date,
): Promise<{ inserted: number; updated: number }> {
  const rows = await tx.query<{ inserted: number; updated: number }>(
    `with fact as (
       select * from unnest($1::text[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
         as f (id, user_id, receiver, "timestamp", campaign_id, lead_id, status)
     ), updated as (
       update sms_messages m
          set user_id = f.user_id, receiver = f.receiver, "timestamp" = f."timestamp", campaign_id = f.campaign_id,
              lead_id = f.lead_id, status = f.status, synced_at = $8
         from fact f
        where m.id = f.id
          and (m.user_id, m.receiver, m."timestamp", m.campaign_id, m.lead_id, m.status)
              is distinct from (f.user_id, f.receiver, f."timestamp", f.campaign_id, f.lead_id, f.status)
       returning 1
     ), inserted as (
       insert into sms_messages (id, user_id, receiver, "timestamp", campaign_id, lead_id, status, synced_at, created_at)
       select f.id, f.user_id, f.receiver, f."timestamp", f.campaign_id, f.lead_id, f.status, $8, $8
         from fact f where not exists (select from sms_messages m where m.id = f.id)
       returning 1
     )
     select (select count(*)::int from inserted) as inserted, (select count(*)::int from updated) as updated`,
    [
      facts.map((fact) => fact.id),
      facts.map((fact) => fact.userId),
      facts.map((fact) => fact.receiver),
      facts.map((fact) => fact.timestamp),
      facts.map((fact) => fact.campaignId),
      facts.map((fact) => fact.leadId),
      facts.map((fact) => fact.status),
      now,
    ],
  );
  return rows.rows[0]!;
}

/** Stored messages of a range that a list does not have. */
export async function unlistedSms(
  db: Queryable,
  listed: readonly string[],
  range: { start: Date; end: Date },
): Promise<{ ofSms: number; ids: string[] }> {
  const rows = await db.query<{ of_sms: number; ids: string[] | null }>(
    `with stored as (select id from sms_messages where "timestamp" >= $2 and "timestamp" < $3)
     select (select count(*)::int from stored) as of_sms,
            (select array_agg(s.id) from stored s
              where not exists (select from unnest($1::text[]) as l (id) where l.id = s.id)) as ids`,
    [[...listed], range.start, range.end],
  );
  return { ofSms: rows.rows[0]?.of_sms ?? 0, ids: rows.rows[0]?.ids ?? [] };
}

/** Removes messages; answers how many there were. */
export async function removeSms(tx: Transaction, ids: readonly string[]): Promise<number> {
  const removed = await tx.query('delete from sms_messages where id = any ($1::text[])', [[...ids]]);
  return removed.rowCount ?? 0;
}
