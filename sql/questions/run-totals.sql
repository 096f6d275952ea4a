-- How many runs ended how, how long they took, and how many took at most so long: one row per pipeline and status.
with {{asked_runs}},
ended as (
  select *
  from asked_runs
  where status in ({{ended}}, 'LOST')
),
placed as (
  select environment, process_name,
    row_number() over (order by max(began_at) desc, environment, process_name) as place
  from ended
  group by environment, process_name
)
select
  e.environment,
  case when p.place <= :pipelines then e.process_name else '(other)' end as process_name,
  e.status,
  cast(count(*) as bigint) as runs,
  cast(count(e.duration_ms) as bigint) as measured,
  cast(sum(cast(e.duration_ms as decimal(38, 0))) as double) / 1000e0 as duration_seconds,
  cast(count(*) filter (where e.duration_ms <= 10000) as bigint) as within_10s,
  cast(count(*) filter (where e.duration_ms <= 30000) as bigint) as within_30s,
  cast(count(*) filter (where e.duration_ms <= 60000) as bigint) as within_1m,
  cast(count(*) filter (where e.duration_ms <= 300000) as bigint) as within_5m,
  cast(count(*) filter (where e.duration_ms <= 900000) as bigint) as within_15m,
  cast(count(*) filter (where e.duration_ms <= 3600000) as bigint) as within_1h,
  cast(count(*) filter (where e.duration_ms <= 14400000) as bigint) as within_4h,
  cast(count(*) filter (where e.duration_ms <= 86400000) as bigint) as within_1d
from ended as e
join placed as p
  on p.environment = e.environment
  and p.process_name = e.process_name
group by e.environment, case when p.place <= :pipelines then e.process_name else '(other)' end, e.status
order by e.environment, process_name, e.status
