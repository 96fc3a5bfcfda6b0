-- breaking: no
-- Up Migration

-- Tokens with which scripts call the HTTP API. The token itself is shown once, when it is made, and kept nowhere.
create table api_tokens (
  id            bigint generated always as identity primary key,
  name          text not null check (name <> ''),            -- its owner: who decides, where it decides
  hash          bytea not null unique check (length(hash) = 32), -- sha256 of the token
  scopes        text[] not null check (scopes <> '{}' and scopes <@ array['read', 'decide']),
  created_at    timestamptz not null default clock_timestamp(),
  created_by    text not null,
  last_used_at  timestamptz,
  revoked_at    timestamptz,
  revoked_by    text
);
create unique index api_tokens_name on api_tokens (lower(name)) where revoked_at is null;

-- POSTs that carried a key, each carried out once: a repeat within 24 h is told what became of the first.
create table api_requests (
  token         text not null,             -- 'environment', or the number of the token
  path          text not null,
  key           text not null,
  body_hash     bytea not null,
  request_id    uuid not null,             -- stays the same when another carries it on
  process_id    uuid not null,             -- who carries it out, or did
  status        integer,                   -- null: under way
  answer        text,
  created_at    timestamptz not null default clock_timestamp(),
  primary key (token, path, key)
);
create index api_requests_created on api_requests (created_at);
