-- breaking: no
-- Up Migration

-- Rules that may decide duplicates in people's place. Each begins in shadow: it records what it would have decided.
create table duplicate_rules (
  id            bigint generated always as identity primary key,
  name          text not null,
  state         text not null default 'shadow' check (state in ('off', 'shadow', 'acting')),
  conditions    jsonb not null,          -- all of them have to hold
  action        text not null check (action in ('approve', 'replace', 'merge', 'reject')),
  version       integer not null default 1,
  created_at    timestamptz not null,
  created_by    text not null,
  changed_at    timestamptz not null,    -- what it would have decided is recorded since
  acting_since  timestamptz,
  stopped_at    timestamptz,             -- it stopped by itself, since people undid it
  stopped_why   text
);
create unique index duplicate_rules_name on duplicate_rules (lower(name));

-- What a rule decided, or would have, of a case as it was in one version.
create table rule_verdicts (
  rule_id       bigint not null references duplicate_rules (id) on delete cascade,
  duplicate_id  bigint not null references pending_duplicates (id) on delete cascade,
  case_version  integer not null,
  at            timestamptz not null,
  acted         boolean not null default false,
  primary key (rule_id, duplicate_id, case_version)
);
create index rule_verdicts_case on rule_verdicts (duplicate_id);
create index rule_verdicts_recent on rule_verdicts (rule_id, at desc);
