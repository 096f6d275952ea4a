-- How many lines each landed object holds, and what became of them: raw = inserted + duplicates + unreadable + unaccepted.
with lines as (
  select {{object}} as object,
    case when {{is_stamped}} then {{line.event_key}} end as event_key
  from raw_lines
  where "$path" in (:objects)
    and dt in (:arrival_dates)
),
known as (
  select event_key, object
  from pipeline_logs
  where event_date in (:event_dates)
),
counted as (
  select l.object,
    count(*) as lines,
    count(*) filter (where l.event_key is null) as unaccepted,
    count(*) filter (where l.event_key is not null and k.event_key is null) as unreadable,
    count(distinct case when k.object = l.object then k.event_key end) as inserted
  from lines as l
  left join known as k
    on k.event_key = l.event_key
  group by l.object
)
select
  object,
  cast(lines as bigint) as lines,
  cast(inserted as bigint) as inserted,
  cast(lines - unaccepted - unreadable - inserted as bigint) as duplicates,
  cast(unreadable as bigint) as unreadable,
  cast(unaccepted as bigint) as unaccepted
from counted
order by object
