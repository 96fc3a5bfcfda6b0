-- breaking: no
-- Up Migration

-- What a health event is of was written in two spellings, so that alerts did not know some of them, and things that
-- are over when they are told stood as incidents that nothing ended.
update system_health_logs
   set metadata = jsonb_set(metadata, '{kind}', '"queue-fell-back"'), incident = 'queue-fell-back'
 where metadata ->> 'kind' = 'queue_fell_back';
update system_health_logs
   set metadata = jsonb_set(metadata, '{kind}', '"mode"'), incident = null
 where metadata ->> 'kind' = 'mode_switched';
update system_health_logs
   set metadata = jsonb_set(metadata, '{kind}', '"task-parked"'), incident = null
 where metadata ->> 'kind' = 'task_parked';
update system_health_logs
   set metadata = jsonb_set(metadata, '{kind}', '"account-refused"'), incident = null
 where metadata ->> 'kind' = 'account_refused';
update system_health_logs
   set metadata = jsonb_set(metadata, '{kind}', '"package-health"'), incident = 'package-health',
       solved = event_type = 'INFO'
 where metadata ->> 'kind' = 'packages-health';
update system_health_logs set incident = null
 where incident in ('kept-without-lead', 'unlisted-messages-kept');
update system_health_logs set incident = 'removals-held:packages'
 where incident = 'removals-held' and metadata ->> 'source' = 'packages';
