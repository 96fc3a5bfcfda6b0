-- breaking: no
-- Up Migration

-- What a decision needs to be shown later, and to be undone.
alter table pending_duplicates
  add column existing_data   jsonb,   -- the existing deal as it was when the case was closed; null: there was none any more
  add column new_deal_id     bigint,  -- the deal that approve or replace inserted
  add column merged_fields   text[],  -- what merge took from the new state
  add column decided_audit_id bigint; -- the decision's entry in audit_log

-- History, newest first; search is by lead, agent and note.
create index pending_duplicates_closed on pending_duplicates (resolved_at desc, id desc) where status <> 'pending';

-- The trail of one case.
create index audit_log_target on audit_log (target) where target is not null;

-- A resync reads a range anew and swaps it in: 'rolling' the window, 'full' any range.
alter table sync_runs drop constraint sync_runs_kind_check;
alter table sync_runs add constraint sync_runs_kind_check
  check (kind in ('delta', 'window', 'names', 'held', 'rolling', 'full'));
