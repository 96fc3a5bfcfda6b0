-- breaking: no
-- Up Migration

-- The mode that a process goes by, and whether it carries out tasks. Null: it has not asked yet.
alter table processes
  add column mode        text check (mode in ('async_queue', 'sync_direct')),
  add column mode_since  timestamptz,
  add column runs_tasks  boolean not null default false;

-- Which pool of task workers is whose: a killed process's tasks are freed by it.
create table task_pools (
  pool_id     text primary key,
  process_id  uuid not null,
  started_at  timestamptz not null default now()
);

-- One row for each request for an account, written before anything else happens.
--   open      to be carried out, under way, or nobody knows yet what came of it
--   finished  the account is there; `outcome` says how
--   refused   nothing was made; asked again, it is looked at anew
create table account_requests (
  key            text primary key,
  email          text not null,
  name           text not null,
  plan           text not null,
  state          text not null check (state in ('open', 'finished', 'refused')),
  outcome        text check (outcome in ('created', 'completed')),
  path           text not null check (path in ('queue', 'direct', 'outbox')),
  code           text,                       -- why it is not done yet, or was refused, and the same in words
  message        text,
  actor          text not null,
  console        text not null,
  -- Who carries it out just now. Free when null, run out, or its process was killed.
  claim          uuid,
  claimed_by     uuid,
  claimed_until  timestamptz,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  finished_at    timestamptz,
  check ((state = 'finished') = (outcome is not null and finished_at is not null)),
  check ((claim is null) = (claimed_by is null) and (claim is null) = (claimed_until is null))
);
-- One request for each email, compared without case; a refused one gives its email free.
create unique index account_requests_email on account_requests (lower(email)) where state <> 'refused';
create index account_requests_open on account_requests (updated_at desc) where state <> 'finished';
create index account_requests_finished on account_requests (finished_at) where state = 'finished';

-- Accounts that this office made in its directory.
create table accounts (
  id            bigint generated always as identity primary key,
  email         text not null,
  name          text not null,
  plan          text not null,
  request_key   text not null unique,
  directory_id  text not null unique,
  created_at    timestamptz not null,
  created_by    text not null
);
create unique index accounts_email on accounts (lower(email));
