-- How well an environment did on each day: its runs, how soon incidents were noticed and over, and how many pages they cost.
with facts as (
  select environment, run_date as day,
    1 as ended,
    case when status in ({{failed}}, 'LOST') then 1 else 0 end as failed,
    cast(null as bigint) as to_detect_ms, cast(null as bigint) as to_repair_ms,
    cast(null as varchar) as incident, cast(null as varchar) as acknowledged, cast(null as varchar) as page
  from current_runs
  where status in ({{ended}}, 'LOST')
  union all
  select environment, cast(detected_at as date) as day, 0 as ended, 0 as failed,
    {{incident_measures}}
  from incident_log
),
daily as (
  select environment, day, sum(ended) as ended, sum(failed) as failed,
    avg(to_detect_ms) as to_detect_ms, avg(to_repair_ms) as to_repair_ms,
    count(distinct incident) as incidents, count(distinct acknowledged) as acknowledged, count(distinct page) as pages
  from facts
  where day is not null
  group by environment, day
),
rolling as (
  select environment, day, ended, failed, to_detect_ms, to_repair_ms, incidents, acknowledged, pages,
    sum(ended) over (
      partition by environment
      order by day
      range between interval '6' day preceding and current row
    ) as ended_7d,
    sum(failed) over (
      partition by environment
      order by day
      range between interval '6' day preceding and current row
    ) as failed_7d
  from daily
)
select
  environment, day,
  cast(ended as bigint) as runs,
  cast(ended - failed as double) / nullif(cast(ended as double), 0e0) as success_rate,
  cast(ended_7d - failed_7d as double) / nullif(cast(ended_7d as double), 0e0) as success_rate_7d,
  cast(incidents as bigint) as incidents,
  to_detect_ms / 1000e0 as mttd_seconds,
  to_repair_ms / 1000e0 as mttr_seconds,
  cast(pages as bigint) as pages,
  cast(acknowledged as bigint) as acknowledged_incidents,
  cast(pages as double) / nullif(cast(acknowledged as double), 0e0) as pages_per_acknowledged_incident
from rolling
