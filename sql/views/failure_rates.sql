-- How often runs, and each of their steps, failed over the seven days up to each day. Without step_name: the runs.
with ended as (
  select environment, process_name, cast(null as varchar) as step_name, run_date,
    case when status in ({{failed}}) then 1 else 0 end as failed
  from current_runs
  where status in ({{ended}}, 'LOST')
  union all
  select environment, process_name, step_name, run_date,
    case when status in ({{failed}}) then 1 else 0 end as failed
  from pipeline_step_state
  where status in ({{ended}})
),
daily as (
  select environment, process_name, step_name, run_date, count(*) as ended, sum(failed) as failed
  from ended
  group by environment, process_name, step_name, run_date
),
{{seven_days}}
select
  environment, process_name, step_name, run_date,
  cast(ended as bigint) as ended_7d,
  cast(failed as bigint) as failed_7d,
  cast(failed as double) / cast(ended as double) as failure_rate_7d
from rolling
