-- breaking: no
-- Up Migration

-- The leader's term that a pass by schedule belongs to; null for what a person asked for.
alter table sync_runs add column term bigint;

-- Who looks at a case just now. Shown to others, never asked before a decision: the case's version decides that.
create table duplicate_claims (
  duplicate_id  bigint primary key references pending_duplicates (id) on delete cascade,
  process_id    uuid not null,
  actor         text not null,
  until         timestamptz not null
);
