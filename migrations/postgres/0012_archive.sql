-- breaking: no
-- Up Migration

-- Leads are archived whole and found again by their id, or by the stamp of the range that is read anew.
create index deals_archive_lead on deals_archive (lead_id);
create index deals_archive_following_stamp on deals_archive (upstream_updated_at) where follows;

-- Asked for each deal that leaves the table: no case may go on naming it.
create index pending_duplicates_existing on pending_duplicates (existing_deal_id) where existing_deal_id is not null;
