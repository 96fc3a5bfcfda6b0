-- breaking: no
-- Up Migration

-- Each event once, however often the console that kept it through an outage sends it.
alter table system_health_logs add column event_key uuid not null default gen_random_uuid();
create unique index system_health_logs_key on system_health_logs (event_key);

-- What an event is part of: every event of that name up to one that says it is solved. Null: it stands for itself.
alter table system_health_logs add column incident text;
alter table system_health_logs add column solved boolean not null default false;
create index system_health_logs_incident on system_health_logs (incident, created_at, id) where incident is not null;
update system_health_logs set incident = 'removals-held' where metadata ->> 'kind' = 'removals-held';
