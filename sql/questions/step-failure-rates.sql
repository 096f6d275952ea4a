-- How often each step failed over the seven days up to each day.
with {{asked_runs}},
{{asked_steps}},
daily as (
  select environment, process_name, step_name, run_date,
    count(*) as ended,
    count(*) filter (where status in ({{failed}})) as failed
  from asked_steps
  where status in ({{ended}})
  group by environment, process_name, step_name, run_date
),
{{seven_days}}
select environment, process_name, step_name, run_date as day,
  cast(ended as bigint) as ended_7d,
  cast(failed as bigint) as failed_7d,
  cast(failed as double) / cast(ended as double) as failure_rate_7d
from rolling
where run_date >= cast(:since as date)
order by environment, process_name, step_name, run_date
