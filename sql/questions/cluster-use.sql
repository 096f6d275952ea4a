-- How busy each cluster is by weekday and hour (UTC). Without a cluster, the runs that told none.
with {{asked_runs}},
spans as (
  select
    cluster_id, environment, process_name, run_id,
    start_time as began,
    case
      when end_time is not null then end_time
      when status in ({{open}}) then :now
      else last_event_at
    end as ended
  from asked_runs
  where start_time is not null
),
hours as (
  select hundreds.n * 100 + tens.n * 10 + ones.n as place
  from (values (0), (1)) as hundreds (n)
  cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as tens (n)
  cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as ones (n)
),
parts as (
  select
    s.cluster_id, s.environment, s.process_name, s.run_id, s.began, s.ended,
    date_trunc('hour', s.began) + h.place * interval '1' hour as from_hour
  from spans as s
  join hours as h
    on h.place * 3600000 <= date_diff('millisecond', date_trunc('hour', s.began), s.ended)
  where s.ended >= s.began
),
busy as (
  select
    cluster_id, environment, process_name, run_id,
    day_of_week(from_hour) as weekday,
    hour(from_hour) as hour_of_day,
    date_diff(
      'millisecond',
      case when began > from_hour then began else from_hour end,
      case when ended < from_hour + interval '1' hour then ended else from_hour + interval '1' hour end
    ) as busy_ms
  from parts
)
select
  cluster_id,
  cast(weekday as bigint) as weekday,
  cast(hour_of_day as bigint) as hour_of_day,
  cast(count(distinct concat(environment, ' ', process_name, ' ', run_id)) as bigint) as runs,
  cast(sum(cast(busy_ms as decimal(38, 0))) as bigint) as busy_ms,
  cast(sum(cast(busy_ms as decimal(38, 0))) as double) / 3600000e0
    / nullif(ceil(date_diff('millisecond', :since, :now) / 604800000e0), 0e0) as mean_running
from busy
group by cluster_id, weekday, hour_of_day
order by cluster_id nulls last, weekday, hour_of_day
