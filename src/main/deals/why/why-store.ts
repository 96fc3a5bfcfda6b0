import type { Queryable } from '../../storage/postgres.ts';

/** A row of `deals`, or what it was at some time, as JSON has it: instants as text. */
export interface DealImage {
  id: number;
  user_id: number;
  campaign_id: string | null;
  commission: number | null;
  multi_deals: number;
  order_date: string;
  status: string;
  notes: string[];
  is_duplicate: boolean;
  replaced_by: number | null;
  follows: boolean;
  removal_refused_at: string | null;
  created_at: string;
  /** Only in the archive. */
  archived_at?: string;
}

/** All that is stored about one lead, in one snapshot. */
export interface LeadTrace {
  deals: DealImage[];
  history: {
    deal_id: number;
    change: 'updated' | 'removed';
    before: DealImage;
    changed_at: string;
    /** Which pass did it; `held`: a person accepted a held removal. */
    pass: string | null;
  }[];
  cases: {
    id: number;
    status: 'pending' | 'resolved' | 'withdrawn';
    reasons: string[];
    detected_at: string;
    resolved_at: string | null;
    new_user_id: number;
    new_commission: number | null;
    new_order_date: string;
    new_deal_id: number | null;
  }[];
  decisions: { at: string; actor: string; action: string; note: string | null; target: string }[];
  rejected: { reason: string; detail: string | null; first_seen: string; last_seen: string }[];
  holds: {
    reason: string;
    state: string;
    held_at: string;
    decided_at: string | null;
    decided_by: string | null;
    note: string | null;
  }[];
  missed: string[];
  names: { user_id: number; name: string | null }[];
  lastLooked: string | null;
}

/** Gathers the trace of a lead; empty lists for one that nothing is known of. */
export async function readTrace(db: Queryable, leadId: string): Promise<LeadTrace> {
  const list = (rows: string, order: string) =>
    `coalesce((select jsonb_agg(to_jsonb(r) order by ${order}) from (${rows}) r), '[]')`;
  const found = await db.query<{ trace: LeadTrace }>(
    `with mine as (
       select to_jsonb(d) as deal from deals d where lead_id = $1
       union all select to_jsonb(a) from deals_archive a where lead_id = $1
     ), past as (
       select * from deal_history where lead_id = $1
     ), cases as (
       select * from pending_duplicates where lead_id = $1
     ), people as (
       select (deal->>'user_id')::int as user_id from mine
       union select (before->>'user_id')::int from past
       union select new_user_id from cases
     )
     select jsonb_build_object(
       'deals', coalesce((select jsonb_agg(deal order by (deal->>'id')::bigint) from mine), '[]'),
       'history', ${list('select p.id, deal_id, change, before, changed_at, s.kind as pass from past p left join sync_runs s on s.id = p.run_id', 'r.id')},
       'cases', ${list('select id, status, reasons, detected_at, resolved_at, new_user_id, new_commission, new_order_date, new_deal_id from cases', 'r.id')},
       'decisions', ${list(
         `select id, at, actor, substr(action, length('duplicate.') + 1) as action, note, target from audit_log
           where target in (select 'duplicate:' || id from cases) and action like 'duplicate.%'`,
         'r.id',
       )},
       'rejected', ${list(`select reason, detail, first_seen, last_seen from rejected_records where source = 'deals' and key = $1`, 'r.first_seen')},
       'holds', ${list(
         `select id, reason, state, held_at, decided_at, decided_by, note from held_removals
           where source = 'deals' and lead_ids @> array[$1]`,
         'r.id',
       )},
       'missed', coalesce((select jsonb_agg(missed_at) from missing_leads where lead_id = $1), '[]'),
       'names', ${list('select p.user_id, a.name from people p join agents a using (user_id)', 'r.user_id')},
       'lastLooked', (select max(ended_at) from sync_runs
                       where source = 'deals' and state = 'complete' and kind not in ('held', 'full'))) as trace`,
    [leadId],
  );
  return found.rows[0]!.trace;
}
