-- How many records each step processed: those it wrote, else read. Without a step, those of runs that told no steps.
with {{asked_runs}},
{{asked_steps}},
counted as (
  select environment, process_name, step_name, began_at, coalesce(records_out, records_in) as records
  from asked_steps
  union all
  select environment, process_name, null as step_name, began_at, coalesce(records_out, records_in) as records
  from asked_runs
  where steps = 0
),
summed as (
  select environment, process_name, step_name,
    max(began_at) as last_at,
    sum(cast(records as decimal(38, 0))) as records
  from counted
  where records is not null
  group by environment, process_name, step_name
),
placed as (
  select *,
    row_number() over (order by last_at desc, environment, process_name, step_name nulls first) as place
  from summed
)
select
  environment,
  case when place <= :steps then process_name else '(other)' end as process_name,
  case when place <= :steps then step_name else '(other)' end as step_name,
  cast(sum(cast(records as decimal(38, 0))) as double) as records_processed
from placed
group by
  environment,
  case when place <= :steps then process_name else '(other)' end,
  case when place <= :steps then step_name else '(other)' end
order by environment, process_name, step_name nulls first
