-- How many lines each landed object holds, and what became of them: raw = inserted + duplicates + unreadable + unaccepted.
with lines as (
  select "$path" as object,
    case when {{is_stamped}} then substr(line, 15, 32) end as event_key
  from raw_lines
  where "$path" in (:objects)
    and dt in (:arrival_dates)
),
known as (
  select event_key
  from pipeline_logs
  where event_date in (:event_dates)
),
inserted as (
  select object, count(*) as events
  from pipeline_logs
  where event_date in (:event_dates)
    and object in (:objects)
  group by object
),
counted as (
  select l.object,
    count(*) as lines,
    count(*) filter (where l.event_key is null) as unaccepted,
    count(*) filter (where l.event_key is not null and k.event_key is null) as unreadable
  from lines as l
  left join known as k
    on k.event_key = l.event_key
  group by l.object
)
select
  c.object,
  cast(c.lines as bigint) as lines,
  cast(coalesce(i.events, 0) as bigint) as inserted,
  cast(c.lines - c.unaccepted - c.unreadable - coalesce(i.events, 0) as bigint) as duplicates,
  cast(c.unreadable as bigint) as unreadable,
  cast(c.unaccepted as bigint) as unaccepted
from counted as c
left join inserted as i
  on i.object = c.object
order by c.object
