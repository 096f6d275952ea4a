-- What the ledger itself took in and was asked, day by day.
with kept as (
  select event_date as day,
    count(*) as events,
    count(distinct object) as objects,
    sum(cast(length(raw_payload) as decimal(38, 0))) as characters
  from pipeline_logs
  where event_date >= cast(:since as date)
  group by event_date
),
asked as (
  select cast(asked_at as date) as day,
    count(*) as questions,
    count(*) filter (where error is not null) as refused,
    count(distinct caller) as callers
  from access_log
  where asked_on >= :since
    and asked_at is not null
  group by cast(asked_at as date)
)
select
  coalesce(k.day, a.day) as day,
  cast(coalesce(k.events, 0) as bigint) as events,
  cast(coalesce(k.objects, 0) as bigint) as objects,
  cast(coalesce(k.characters, 0) as bigint) as characters,
  cast(coalesce(a.questions, 0) as bigint) as questions,
  cast(coalesce(a.refused, 0) as bigint) as refused,
  cast(coalesce(a.callers, 0) as bigint) as callers
from kept as k
full join asked as a
  on a.day = k.day
order by day
