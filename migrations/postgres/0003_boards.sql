-- breaking: no
-- Up Migration

-- ---------------------------------------------------------------------------
-- The rollup that boards read: standings by office day and agent. Kept by triggers of the statements that write
-- deals and messages, so that no writer can forget it; a statement that changes no standing writes nothing here.
-- ---------------------------------------------------------------------------

-- The zone whose days the rollup counts. A reader in another zone counts from the rows themselves.
create table board_zone (
  id          integer primary key check (id = 1),
  zone        text not null,
  rebuilt_at  timestamptz not null default now()
);

-- Deals that count (not replaced), archived ones included. Wider than their columns: these are sums.
create table board_days (
  day         date not null,
  user_id     integer not null,
  deals       bigint not null,         -- sum of multi-deals
  commission  numeric(24,2) not null,
  rows        integer not null,        -- deals behind the sums; the row goes with the last of them
  primary key (day, user_id)
);

-- The same by month, named by its first day, for the whole months of a period: thirty times fewer rows to add up.
create table board_months (
  month       date not null,
  user_id     integer not null,
  deals       bigint not null,
  commission  numeric(24,2) not null,
  rows        integer not null,
  primary key (month, user_id)
);

-- The same of the whole office, so that a trend of many days need not add up its agents.
create table board_totals (
  day         date primary key,
  deals       bigint not null,
  commission  numeric(24,2) not null,
  rows        integer not null
);

-- Who reached whom on which day, with how many delivered messages: what the two below are made of.
create table sms_receivers (
  day         date not null,
  receiver    text not null,
  user_id     integer not null,
  messages    integer not null,
  primary key (day, receiver, user_id)
);

create table sms_days (
  day         date not null,
  user_id     integer not null,
  receivers   integer not null,        -- distinct ones
  primary key (day, user_id)
);

-- Their sum over the days of a month.
create table sms_months (
  month       date not null,
  user_id     integer not null,
  receivers   integer not null,
  primary key (month, user_id)
);

-- Receivers reached by more than one agent in a day: a group's and the office's distinct receivers are the sum of
-- their agents' less what is counted twice here.
create table sms_shared_days (
  day         date not null,
  receiver    text not null,
  user_ids    integer[] not null,      -- two or more, in order
  primary key (day, receiver)
);

-- Boards in a zone other than the rollup's read the rows themselves.
create index deals_archive_order_date on deals_archive (order_date);

-- The office's day of an instant, as src/shared/business-day.ts has it: where clocks go back across midnight, the
-- repeated hour stays in the day that had begun. Made of immutable functions only (an instant less an interval is not
-- one), so that it becomes part of the statement; called, it takes ten times as long.
create function office_day(moment timestamptz, zone text) returns date language sql immutable parallel safe
return case
  when (moment at time zone zone)::time < '22:00' then (moment at time zone zone)::date
  -- Postgres takes the second of two midnights; the day began with the first, an hour before.
  when moment - (((moment at time zone zone)::date + 1)::timestamp at time zone zone) >= interval '-1 hour'
       and ((((((moment at time zone zone)::date + 1)::timestamp at time zone zone) at time zone 'UTC')
             - interval '1 hour') at time zone 'UTC') at time zone zone
           = ((moment at time zone zone)::date + 1)::timestamp
    then (moment at time zone zone)::date + 1
  else (moment at time zone zone)::date
end;

-- Adds differences to the standings. One writer at a time, until COMMIT: two that met in other orders of days would
-- each wait for the other, for as long as Postgres takes to notice.
create function add_to_boards(moved board_days[]) returns void language plpgsql as $$
declare
  emptied board_days[];
begin
  perform pg_advisory_xact_lock('board_days'::regclass::oid::integer, 0);
  with added as (
    insert into board_days as b (day, user_id, deals, commission, rows)
    select m.day, m.user_id, m.deals, m.commission, m.rows from unnest(moved) m order by m.day, m.user_id
    on conflict (day, user_id) do update
      set deals = b.deals + excluded.deals, commission = b.commission + excluded.commission,
          rows = b.rows + excluded.rows
    returning b.*
  )
  select array_agg(a::board_days) into emptied from added a where a.rows = 0;
  if emptied is not null then
    delete from board_days b using unnest(emptied) e where b.day = e.day and b.user_id = e.user_id;
  end if;

  insert into board_months as b (month, user_id, deals, commission, rows)
  select date_trunc('month', m.day)::date, m.user_id, sum(m.deals), sum(m.commission), sum(m.rows)
    from unnest(moved) m group by 1, 2
  having sum(m.deals) <> 0 or sum(m.commission) <> 0 or sum(m.rows) <> 0 order by 1, 2
  on conflict (month, user_id) do update
    set deals = b.deals + excluded.deals, commission = b.commission + excluded.commission,
        rows = b.rows + excluded.rows;
  if emptied is not null then
    delete from board_months b using unnest(emptied) e
     where b.month = date_trunc('month', e.day)::date and b.user_id = e.user_id and b.rows = 0;
  end if;

  insert into board_totals as b (day, deals, commission, rows)
  select m.day, sum(m.deals), sum(m.commission), sum(m.rows) from unnest(moved) m group by m.day
  having sum(m.deals) <> 0 or sum(m.commission) <> 0 or sum(m.rows) <> 0 order by m.day
  on conflict (day) do update
    set deals = b.deals + excluded.deals, commission = b.commission + excluded.commission,
        rows = b.rows + excluded.rows;
  if emptied is not null then
    delete from board_totals b using unnest(emptied) e where b.day = e.day and b.rows = 0;
  end if;
end $$;

-- For INSERT, UPDATE and DELETE of deals and deals_archive.
create function roll_up_deals() returns trigger language plpgsql as $$
declare
  moved board_days[];
begin
  if tg_op = 'INSERT' then
    with zoned as (
      select office_day(order_date, zone) as day, user_id, multi_deals, commission
        from came, board_zone where not is_duplicate
    ), summed as (
      select day, user_id, sum(multi_deals)::bigint, coalesce(sum(commission), 0)::numeric(24,2), count(*)::integer
        from zoned group by day, user_id
    )
    select array_agg(s::board_days) into moved from summed s;
  elsif tg_op = 'DELETE' then
    with zoned as (
      select office_day(order_date, zone) as day, user_id, multi_deals, commission
        from went, board_zone where not is_duplicate
    ), summed as (
      select day, user_id, -sum(multi_deals)::bigint, -coalesce(sum(commission), 0)::numeric(24,2), -count(*)::integer
        from zoned group by day, user_id
    )
    select array_agg(s::board_days) into moved from summed s;
  else
    with both_ways as (
      select order_date, user_id, multi_deals, coalesce(commission, 0) as commission, 1 as rows
        from came where not is_duplicate
      union all
      select order_date, user_id, -multi_deals, -coalesce(commission, 0), -1 from went where not is_duplicate
    ), zoned as (
      select office_day(order_date, zone) as day, user_id, multi_deals, commission, rows
        from both_ways, board_zone
    ), summed as (
      select day, user_id, sum(multi_deals)::bigint as deals, sum(commission)::numeric(24,2) as commission,
             sum(rows)::integer as rows
        from zoned group by day, user_id
    )
    select array_agg(s::board_days) into moved from summed s
     where s.deals <> 0 or s.commission <> 0 or s.rows <> 0;
  end if;
  if moved is not null then perform add_to_boards(moved); end if;
  return null;
end $$;

-- Adds delivered messages (or takes away, where `messages` is negative) to who reached whom.
create function add_to_receivers(moved sms_receivers[]) returns void language plpgsql as $$
declare
  turned sms_receivers[];              -- began or ceased to be reached; `messages` is 1 or -1
begin
  perform pg_advisory_xact_lock('sms_days'::regclass::oid::integer, 0);
  with added as (
    insert into sms_receivers as r (day, receiver, user_id, messages)
    select m.day, m.receiver, m.user_id, m.messages from unnest(moved) m order by m.day, m.receiver, m.user_id
    on conflict (day, receiver, user_id) do update set messages = r.messages + excluded.messages
    returning r.*
  )
  select array_agg(row(a.day, a.receiver, a.user_id, case when a.messages = 0 then -1 else 1 end)::sms_receivers)
    into turned
    from added a join unnest(moved) m using (day, receiver, user_id)
   where a.messages = 0 or a.messages = m.messages;
  if turned is null then return; end if;

  delete from sms_receivers r using unnest(turned) t
   where t.messages < 0 and r.day = t.day and r.receiver = t.receiver and r.user_id = t.user_id;

  insert into sms_days as d (day, user_id, receivers)
  select t.day, t.user_id, sum(t.messages)::integer from unnest(turned) t
   group by t.day, t.user_id having sum(t.messages) <> 0 order by t.day, t.user_id
  on conflict (day, user_id) do update set receivers = d.receivers + excluded.receivers;
  delete from sms_days d using unnest(turned) t
   where t.messages < 0 and d.day = t.day and d.user_id = t.user_id and d.receivers = 0;

  insert into sms_months as d (month, user_id, receivers)
  select date_trunc('month', t.day)::date, t.user_id, sum(t.messages)::integer from unnest(turned) t
   group by 1, 2 having sum(t.messages) <> 0 order by 1, 2
  on conflict (month, user_id) do update set receivers = d.receivers + excluded.receivers;
  delete from sms_months d using unnest(turned) t
   where t.messages < 0 and d.month = date_trunc('month', t.day)::date and d.user_id = t.user_id and d.receivers = 0;

  insert into sms_shared_days as s (day, receiver, user_ids)
  select r.day, r.receiver, array_agg(r.user_id order by r.user_id)
    from (select distinct t.day, t.receiver from unnest(turned) t) t
    join sms_receivers r on r.day = t.day and r.receiver = t.receiver
   group by r.day, r.receiver having count(*) > 1 order by r.day, r.receiver
  on conflict (day, receiver) do update set user_ids = excluded.user_ids
    where s.user_ids <> excluded.user_ids;
  delete from sms_shared_days s using unnest(turned) t
   where t.messages < 0 and s.day = t.day and s.receiver = t.receiver
     and (select count(*) from sms_receivers r where r.day = t.day and r.receiver = t.receiver) < 2;
end $$;

-- For INSERT, UPDATE and DELETE of sms_messages.
create function roll_up_sms() returns trigger language plpgsql as $$
declare
  moved sms_receivers[];
begin
  if tg_op = 'INSERT' then
    with zoned as (
      select office_day("timestamp", zone) as day, receiver, user_id
        from came, board_zone where status = 'delivered'
    ), summed as (
      select day, receiver, user_id, count(*)::integer from zoned group by day, receiver, user_id
    )
    select array_agg(s::sms_receivers) into moved from summed s;
  elsif tg_op = 'DELETE' then
    with zoned as (
      select office_day("timestamp", zone) as day, receiver, user_id
        from went, board_zone where status = 'delivered'
    ), summed as (
      select day, receiver, user_id, -count(*)::integer from zoned group by day, receiver, user_id
    )
    select array_agg(s::sms_receivers) into moved from summed s;
  else
    with both_ways as (
      select "timestamp", receiver, user_id, 1 as messages from came where status = 'delivered'
      union all
      select "timestamp", receiver, user_id, -1 from went where status = 'delivered'
    ), zoned as (
      select office_day("timestamp", zone) as day, receiver, user_id, messages
        from both_ways, board_zone
    ), summed as (
      select day, receiver, user_id, sum(messages)::integer as messages from zoned group by day, receiver, user_id
    )
    select array_agg(s::sms_receivers) into moved from summed s where s.messages <> 0;
  end if;
  if moved is not null then perform add_to_receivers(moved); end if;
  return null;
end $$;

-- Counts all of one half anew.
create function rebuild_board_deals() returns void language plpgsql as $$
begin
  lock table deals, deals_archive in share row exclusive mode;
  delete from board_days;
  delete from board_months;
  delete from board_totals;
  insert into board_days (day, user_id, deals, commission, rows)
  select office_day(order_date, z.zone) as day, user_id, sum(multi_deals), coalesce(sum(commission), 0), count(*)
    from deals_all, board_zone z
   where not is_duplicate group by 1, 2 order by 1, 2;
  insert into board_months (month, user_id, deals, commission, rows)
  select date_trunc('month', day)::date, user_id, sum(deals), sum(commission), sum(rows)
    from board_days group by 1, 2 order by 1, 2;
  insert into board_totals (day, deals, commission, rows)
  select day, sum(deals), sum(commission), sum(rows) from board_days group by 1 order by 1;
end $$;

create function rebuild_board_sms() returns void language plpgsql as $$
begin
  lock table sms_messages in share row exclusive mode;
  delete from sms_receivers;
  delete from sms_days;
  delete from sms_months;
  delete from sms_shared_days;
  insert into sms_receivers (day, receiver, user_id, messages)
  select office_day("timestamp", z.zone) as day, receiver, user_id, count(*)
    from sms_messages, board_zone z
   where status = 'delivered' group by 1, 2, 3 order by 1, 2, 3;
  insert into sms_days (day, user_id, receivers)
  select day, user_id, count(*) from sms_receivers group by 1, 2 order by 1, 2;
  insert into sms_months (month, user_id, receivers)
  select date_trunc('month', day)::date, user_id, sum(receivers) from sms_days group by 1, 2 order by 1, 2;
  insert into sms_shared_days (day, receiver, user_ids)
  select day, receiver, array_agg(user_id order by user_id) from sms_receivers
   group by 1, 2 having count(*) > 1 order by 1, 2;
end $$;

-- Counts the rollup anew for the days of a zone. Writers wait; readers see the old one until COMMIT.
create function rebuild_boards(new_zone text) returns void language plpgsql as $$
begin
  lock table deals, deals_archive, sms_messages in share row exclusive mode;
  update board_zone set zone = new_zone, rebuilt_at = now();
  perform rebuild_board_deals();
  perform rebuild_board_sms();
end $$;

create function roll_up_truncate() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'sms_messages' then perform rebuild_board_sms(); else perform rebuild_board_deals(); end if;
  return null;
end $$;

create trigger roll_up_insert after insert on deals
  referencing new table as came for each statement execute function roll_up_deals();
create trigger roll_up_update after update on deals
  referencing old table as went new table as came for each statement execute function roll_up_deals();
create trigger roll_up_delete after delete on deals
  referencing old table as went for each statement execute function roll_up_deals();
create trigger roll_up_truncate after truncate on deals
  for each statement execute function roll_up_truncate();

create trigger roll_up_insert after insert on deals_archive
  referencing new table as came for each statement execute function roll_up_deals();
create trigger roll_up_update after update on deals_archive
  referencing old table as went new table as came for each statement execute function roll_up_deals();
create trigger roll_up_delete after delete on deals_archive
  referencing old table as went for each statement execute function roll_up_deals();
create trigger roll_up_truncate after truncate on deals_archive
  for each statement execute function roll_up_truncate();

create trigger roll_up_insert after insert on sms_messages
  referencing new table as came for each statement execute function roll_up_sms();
create trigger roll_up_update after update on sms_messages
  referencing old table as went new table as came for each statement execute function roll_up_sms();
create trigger roll_up_delete after delete on sms_messages
  referencing old table as went for each statement execute function roll_up_sms();
create trigger roll_up_truncate after truncate on sms_messages
  for each statement execute function roll_up_truncate();

-- What is there already, by the office's own zone where Postgres knows it.
insert into board_zone (id, zone)
select 1, coalesce(
  (select n.name from system_config c join pg_timezone_names n on n.name = c.value ->> 'timeZone'
    where c.key = 'office'),
  'Europe/Stockholm');
select rebuild_boards(zone) from board_zone;
