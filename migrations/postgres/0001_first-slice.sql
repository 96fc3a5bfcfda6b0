-- breaking: no
-- Up Migration

-- ---------------------------------------------------------------------------
-- Who is who upstream
-- ---------------------------------------------------------------------------

create table agents (
  user_id     integer primary key,
  name        text,                    -- null: seen on a deal, not (yet) named by the vendor
  group_id    text,
  group_name  text,
  active      boolean not null default true,
  asked_at    timestamptz not null default now(),  -- last time the vendor was asked for this name
  synced_at   timestamptz not null default now()
);

create table campaigns (
  id          text primary key,
  name        text,                    -- null: seen on a deal, not (yet) named by the vendor
  asked_at    timestamptz not null default now(),
  synced_at   timestamptz not null default now()
);

-- ---------------------------------------------------------------------------
-- Deals. Exactly one row of a lead follows upstream; others were kept by a person.
-- ---------------------------------------------------------------------------

create table deals (
  id                  bigint generated always as identity primary key,
  lead_id             text not null,
  user_id             integer not null,
  campaign_id         text,
  commission          numeric(14,2),   -- null: none given yet, counts as 0
  multi_deals         integer not null default 1,
  order_date          timestamptz not null,
  -- where order_date comes from: a stamp with a time, a bare day (midnight, office time),
  -- or 'fallback': none was given, so the lead's last-updated time at first sight
  order_date_source   text not null default 'instant' check (order_date_source in ('instant', 'day', 'fallback')),
  status              text not null,
  notes               text[] not null default '{}',   -- codes of what the mapping had to decide
  follows             boolean not null default true,  -- false: frozen, kept by a person
  is_duplicate        boolean not null default false,
  replaced_by         bigint references deals (id) on delete set null,
  upstream_updated_at timestamptz not null,           -- the lead's last-updated stamp as last read
  removal_refused_at  timestamptz,     -- a person discarded its removal; cleared when seen upstream again
  version             integer not null default 1,
  synced_at           timestamptz not null default now(),
  created_at          timestamptz not null default now()
);
create unique index deals_one_following_per_lead on deals (lead_id) where follows;
create index deals_lead on deals (lead_id);
create index deals_order_date on deals (order_date);
create index deals_following_stamp on deals (upstream_updated_at) where follows;
create index deals_replaced_by on deals (replaced_by) where replaced_by is not null;

-- Before-images: the row as it was, written with the change that ended it.
create table deal_history (
  id          bigint generated always as identity primary key,
  deal_id     bigint not null,
  lead_id     text not null,
  change      text not null check (change in ('updated', 'removed')),
  before      jsonb not null,
  run_id      bigint,
  changed_at  timestamptz not null default now()
);
create index deal_history_lead on deal_history (lead_id, changed_at);

-- Where the facts of a large pass are streamed to and classified. Means nothing between passes; unlogged, so
-- that an unchanged window costs no write-ahead log.
create unlogged table stage_deals (
  lead_id            text,
  user_id            integer,
  campaign_id        text,
  commission         numeric(14,2),
  multi_deals        integer,
  order_date         timestamptz,        -- null: none given
  order_date_source  text,
  status             text,
  notes              text[],
  updated_at         timestamptz
) with (autovacuum_enabled = false);

create table deals_archive (like deals including defaults);
alter table deals_archive add column archived_at timestamptz not null default now();
alter table deals_archive add primary key (id);

create view deals_all as
  select id, lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status,
         notes, follows, is_duplicate, replaced_by, upstream_updated_at, version, synced_at, created_at
    from deals
  union all
  select id, lead_id, user_id, campaign_id, commission, multi_deals, order_date, order_date_source, status,
         notes, follows, is_duplicate, replaced_by, upstream_updated_at, version, synced_at, created_at
    from deals_archive;

create table sms_messages (
  id           text primary key,
  user_id      integer not null,
  receiver     text not null,
  "timestamp"  timestamptz not null,
  campaign_id  text,
  lead_id      text,
  status       text,
  synced_at    timestamptz not null default now(),
  created_at   timestamptz not null default now()
);
create index sms_messages_timestamp on sms_messages ("timestamp");

-- ---------------------------------------------------------------------------
-- What waits for a person
-- ---------------------------------------------------------------------------

create table pending_duplicates (
  id                bigint generated always as identity primary key,
  lead_id           text not null,
  new_user_id       integer not null,
  new_commission    numeric(14,2),
  new_order_date    timestamptz not null,
  new_campaign_id   text,
  new_multi_deals   integer not null,
  new_status        text not null,
  new_data          jsonb not null,                -- the mapped new deal, whole
  state_key         text not null,                 -- which upstream state this is; a decided one is never queued again
  reasons           text[] not null,               -- 'agent', 'order_date', 'commission'
  existing_deal_id  bigint references deals (id) on delete set null,
  detected_at       timestamptz not null,
  resolved_at       timestamptz,
  resolved_by       text,
  resolution        text check (resolution in ('approved', 'replaced', 'merged', 'rejected')),
  resolution_note   text,
  status            text not null default 'pending' check (status in ('pending', 'resolved', 'withdrawn')),
  version           integer not null default 1,
  updated_at        timestamptz not null default now()
);
create unique index pending_duplicates_one_open_per_lead on pending_duplicates (lead_id) where status = 'pending';
create index pending_duplicates_lead on pending_duplicates (lead_id, state_key);
create index pending_duplicates_open on pending_duplicates (detected_at) where status = 'pending';

create table rejected_records (
  source      text not null,                       -- 'deals', 'sms', 'agents'
  key         text not null,                       -- the record's id, or 'sha256:…' of one without
  reason      text not null,                       -- code; words are the screen's
  detail      text,                                -- the offending value, shortened
  payload     jsonb not null,                      -- without personal text
  upstream_at timestamptz,                         -- its last-updated stamp, where readable
  first_seen  timestamptz not null,
  last_seen   timestamptz not null,
  times       integer not null default 1,
  primary key (source, key)
);

-- A window pass that would remove too much. Its removals wait here; the rest was applied.
create table held_removals (
  id           bigint generated always as identity primary key,
  source       text not null,
  state        text not null default 'held' check (state in ('held', 'accepted', 'discarded', 'withdrawn', 'done')),
  reason       text not null check (reason in ('empty', 'share', 'half')),
  range_start  timestamptz not null,
  range_end    timestamptz not null,
  of_deals     integer not null,                   -- deals in the range when it was held
  lead_ids     text[] not null,
  removed      integer not null default 0,
  run_id       bigint,
  held_at      timestamptz not null,
  updated_at   timestamptz not null,
  decided_at   timestamptz,
  decided_by   text,
  note         text
);
create unique index held_removals_one_open on held_removals (source) where state in ('held', 'accepted');

-- Leads missing from one complete pass where the vendor refuses look-ups: gone only after a second.
create table missing_leads (
  lead_id       text primary key,
  first_run_id  bigint not null,
  missed_at     timestamptz not null default now()
);

-- ---------------------------------------------------------------------------
-- Passes, permits, leader
-- ---------------------------------------------------------------------------

create table sync_runs (
  id           bigint generated always as identity primary key,
  source       text not null,                      -- 'deals', 'sms', 'agents'
  kind         text not null check (kind in ('delta', 'window', 'names', 'held')),
  trigger      text not null check (trigger in ('schedule', 'person', 'cli')),
  process_id   uuid,
  started_at   timestamptz not null default now(),
  ended_at     timestamptz,
  state        text not null default 'running' check (state in ('running', 'complete', 'incomplete', 'failed', 'cancelled')),
  range_start  timestamptz,
  range_end    timestamptz,
  pages        integer not null default 0,
  calls        integer not null default 0,
  inserted     integer not null default 0,
  updated      integer not null default 0,
  removed      integer not null default 0,
  unchanged    integer not null default 0,
  held         integer not null default 0,
  rejected     integer not null default 0,
  waiting      integer not null default 0,         -- removals not yet confirmed by a look-up
  shifted      boolean not null default false,
  ignored_fields integer not null default 0,
  note         text,
  error_code   text,
  error        text
);
create index sync_runs_source on sync_runs (source, started_at desc);

create table sync_cursors (
  source      text primary key,
  position    timestamptz not null,                -- newest upstream stamp of a complete pass
  moved_at    timestamptz not null default now()
);

-- One writer per source. The token is in a unique index so that a holder's FOR KEY SHARE stops a taker's
-- change of it, but not the holder's own renewal.
create table sync_permits (
  source       text primary key,
  token        uuid unique,
  holder       text,                               -- in words: 'cli 4711@host'
  process_id   uuid,
  backend_pids integer[] not null default '{}',    -- writing connections, ended by whoever takes over
  acquired_at  timestamptz,
  expires_at   timestamptz
);

create table processes (
  id          uuid primary key,
  kind        text not null check (kind in ('console', 'agent', 'cli')),
  host        text not null,
  pid         integer not null,
  version     text not null,
  started_at  timestamptz not null default now(),
  seen_at     timestamptz not null default now()
);

create table leader_lease (
  id          integer primary key check (id = 1),
  term        bigint not null unique,
  process_id  uuid,
  renewed_at  timestamptz,
  expires_at  timestamptz
);
insert into leader_lease (id, term) values (1, 0);

-- ---------------------------------------------------------------------------
-- The vendor's three limits, shared by every process of one account
-- ---------------------------------------------------------------------------

create table upstream_accounts (
  account        text primary key,
  blocked_until  timestamptz,
  blocked_reason text
);

create table upstream_calls (
  id           bigint generated always as identity primary key,
  account      text not null,
  purpose      text not null,                      -- 'delta', 'window', 'look-up', 'names', 'sms', …
  process_id   uuid,
  started_at   timestamptz not null default clock_timestamp(),
  finished_at  timestamptz,                        -- null: in flight, until expires_at
  expires_at   timestamptz not null,
  status       integer
);
create index upstream_calls_recent on upstream_calls (account, started_at);

-- ---------------------------------------------------------------------------
-- What happened, in commit order
-- ---------------------------------------------------------------------------

create table change_counter (
  id   integer primary key check (id = 1),
  seq  bigint not null
);
insert into change_counter (id, seq) values (1, 0);

create table change_log (
  seq   bigint primary key,
  kind  text not null,
  at    timestamptz not null default now(),
  data  jsonb not null default '{}'
);

create table audit_log (
  id         bigint generated always as identity primary key,
  at         timestamptz not null,
  actor      text not null,                        -- claimed, until sign-in exists
  console    text not null,
  action     text not null,
  target     text,
  note       text,
  before     jsonb,
  after      jsonb,
  prev_hash  bytea not null,
  hash       bytea not null unique
);
create table audit_head (
  id    integer primary key check (id = 1),
  hash  bytea not null
);
insert into audit_head (id, hash) values (1, decode(repeat('00', 32), 'hex'));

create function audit_log_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_log is append-only';
end $$;
create trigger audit_log_append_only before update or delete or truncate on audit_log
  for each statement execute function audit_log_is_append_only();

create table system_config (
  key         text primary key,
  value       jsonb not null,
  version     integer not null default 1,
  updated_at  timestamptz not null default now(),
  updated_by  text not null
);

create table system_health_logs (
  id          bigint generated always as identity primary key,
  event_type  text not null check (event_type in ('INFO', 'WARNING', 'ERROR', 'SWITCH', 'CRITICAL')),
  message     text not null,
  metadata    jsonb not null default '{}',
  created_at  timestamptz not null default now()
);
create index system_health_logs_created on system_health_logs (created_at desc);
