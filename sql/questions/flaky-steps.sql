-- Which steps are flaky: fail in one run and not in the next, or succeed only after more than one try.
with {{asked_runs}},
{{asked_steps}},
outcomes as (
  select environment, process_name, step_name, run_id, began_at,
    max(case when status in ({{failed}}) then 1 else 0 end) as failed,
    max(attempt) as tries
  from asked_steps
  where status in ({{ended}})
  group by environment, process_name, step_name, run_id, began_at
),
compared as (
  select *,
    lag(failed) over (partition by environment, process_name, step_name order by began_at, run_id) as failed_before
  from outcomes
),
counted as (
  select environment, process_name, step_name,
    count(*) as runs,
    count(*) filter (where failed = 1) as failures,
    count(*) filter (where failed = 0 and tries > 1) as retried,
    count(*) filter (where failed <> failed_before) as changes,
    count(*) filter (where failed <> failed_before or failed = 0 and tries > 1) as flaky,
    max(began_at) filter (where failed = 1) as last_failure_at
  from compared
  group by environment, process_name, step_name
)
select environment, process_name, step_name,
  cast(runs as bigint) as runs,
  cast(failures as bigint) as failures,
  cast(retried as bigint) as retried,
  cast(changes as bigint) as changes,
  cast(flaky as double) / cast(runs as double) as flakiness,
  last_failure_at
from counted
where flaky > 0
  and failures < runs
order by flakiness desc, environment, process_name, step_name
