-- How long the steps of a pipeline took, day by day, and how often they failed.
with {{asked_runs}},
{{asked_steps}},
ranked as (
  select *,
    row_number() over (
      partition by environment, process_name, step_name, run_date
      order by duration_ms nulls last, run_id, step_index, map_index
    ) as duration_rank,
    count(duration_ms) over (partition by environment, process_name, step_name, run_date) as measured
  from asked_steps
)
select
  environment, process_name, step_name, run_date as day,
  cast(count(*) as bigint) as steps,
  min(duration_ms) filter (where duration_rank * 100 >= measured * 50) as median_ms,
  min(duration_ms) filter (where duration_rank * 100 >= measured * 95) as p95_ms,
  cast(count(*) filter (where status in ({{failed}})) as bigint) as failures
from ranked
group by environment, process_name, step_name, run_date
order by environment, process_name, step_name, run_date
