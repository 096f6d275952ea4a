-- How the runs of each pipeline went, day by day.
with {{asked_runs}}
select
  environment, process_name, run_date as day,
  cast(count(*) as bigint) as runs,
  cast(count(*) filter (where status = 'SUCCESS') as bigint) as succeeded,
  cast(count(*) filter (where status in ({{failed}})) as bigint) as failed,
  cast(count(*) filter (where elapsed_ms > expected_max_duration_ms) as bigint) as late,
  cast(count(*) filter (where status in ({{open}})) as bigint) as running,
  {{worst_status}} as worst_status,
  case
    when sum(cast(duration_ms as decimal(38, 0))) <= {{max_integer}}
      then cast(sum(cast(duration_ms as decimal(38, 0))) as bigint)
  end as total_duration_ms,
  case
    when cast(sum(cast(duration_ms as decimal(38, 0))) as double) / nullif(count(duration_ms), 0) < {{max_integer}}
      then cast(floor(cast(sum(cast(duration_ms as decimal(38, 0))) as double) / nullif(count(duration_ms), 0) + 0.5e0) as bigint)
  end as avg_duration_ms
from asked_runs
group by environment, process_name, run_date
order by environment, process_name, run_date
