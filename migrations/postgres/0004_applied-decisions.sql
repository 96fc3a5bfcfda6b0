-- breaking: no
-- Up Migration

-- Decisions that consoles sent, each once: written in the transaction of the decision itself, so that whoever sends it
-- again (the answer was lost, the console was killed) is told what became of it instead of doing it twice.
create table applied_decisions (
  decision_id   uuid primary key,          -- drawn by the console when a person decided
  duplicate_id  bigint not null,
  outcome       jsonb not null,
  applied_at    timestamptz not null default clock_timestamp()
);

-- Names this database among others, so that what a console keeps of one is never shown or sent to another.
insert into system_config (key, value, updated_by)
values ('database_id', to_jsonb(gen_random_uuid()::text), 'opsdeck') on conflict do nothing;
