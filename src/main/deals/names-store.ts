import type { Queryable, Transaction } from '../storage/postgres.ts';
import type { AgentFact, CampaignFact } from './map-agent.ts';

/** A name the vendor did not have is asked for again after this long. */
const askAgainAfter = "interval '1 day'";

/** Agents and campaigns that deals or messages name and the vendor has not named to us yet. */
export async function unknownNames(db: Queryable): Promise<{ agents: number[]; campaigns: string[] }> {
  const rows = await db.query<{ agents: number[] | null; campaigns: string[] | null }>(
    `select
       (select array_agg(distinct u.user_id) from (
          select user_id from deals union select user_id from sms_messages) u
         left join agents a using (user_id)
        where a.user_id is null or (a.name is null and a.asked_at < now() - ${askAgainAfter})) as agents,
       (select array_agg(distinct c.campaign_id) from (select campaign_id from deals where campaign_id is not null) c
         left join campaigns k on k.id = c.campaign_id
        where k.id is null or (k.name is null and k.asked_at < now() - ${askAgainAfter})) as campaigns`,
  );
  return { agents: rows.rows[0]?.agents ?? [], campaigns: rows.rows[0]?.campaigns ?? [] };
}

export interface NameCounts {
  inserted: number;
  updated: number;
  unchanged: number;
}

/** Writes agents that are new or changed. */
export async function applyAgents(tx: Transaction, agents: readonly AgentFact[]): Promise<NameCounts> {
  const rows = await tx.query<{ is_new: boolean }>(
    `insert into agents as a (user_id, name, group_id, group_name, active)
     select * from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::boolean[])
     on conflict (user_id) do update
        set name = excluded.name, group_id = excluded.group_id, group_name = excluded.group_name,
            active = excluded.active, asked_at = now(), synced_at = now()
      where (a.name, a.group_id, a.group_name, a.active)
            is distinct from (excluded.name, excluded.group_id, excluded.group_name, excluded.active)
     returning (xmax = 0) as is_new`,
    [
      agents.map((agent) => agent.userId),
      agents.map((agent) => agent.name),
      agents.map((agent) => agent.groupId),
      agents.map((agent) => agent.groupName),
      agents.map((agent) => agent.active),
    ],
  );
  return tally(rows.rows, agents.length);
}

/** Writes campaigns that are new or renamed. */
export async function applyCampaigns(
  tx: Transaction,
  campaigns: readonly CampaignFact[],
): Promise<NameCounts> {
  const rows = await tx.query<{ is_new: boolean }>(
    `insert into campaigns as c (id, name) select * from unnest($1::text[], $2::text[])
     on conflict (id) do update set name = excluded.name, asked_at = now(), synced_at = now()
      where c.name is distinct from excluded.name
     returning (xmax = 0) as is_new`,
    [campaigns.map((campaign) => campaign.id), campaigns.map((campaign) => campaign.name)],
  );
  return tally(rows.rows, campaigns.length);
}

/** Remembers that the vendor was asked for these and did not name them. */
export async function rememberAsked(
  tx: Transaction,
  unknown: { agents: number[]; campaigns: string[] },
): Promise<void> {
  if (unknown.agents.length > 0) {
    await tx.query(
      `insert into agents (user_id) select unnest($1::int[])
       on conflict (user_id) do update set asked_at = now() where agents.name is null`,
      [unknown.agents],
    );
  }
  if (unknown.campaigns.length > 0) {
    await tx.query(
      `insert into campaigns (id) select unnest($1::text[])
       on conflict (id) do update set asked_at = now() where campaigns.name is null`,
      [unknown.campaigns],
    );
  }
}

function tally(rows: { is_new: boolean }[], of: number): NameCounts {
  const inserted = rows.filter((row) => row.is_new).length;
  return { inserted, updated: rows.length - inserted, unchanged: of - rows.length };
}
