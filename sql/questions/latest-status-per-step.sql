-- The latest status of every step of every pipeline, and the run it comes from.
with numbered as (
  select *,
    row_number() over (
      partition by environment, process_name, step_name
      order by start_time desc nulls last, run_id, step_index nulls last, map_index nulls last
    ) as recency
  from pipeline_step_state
)
select environment, process_name, step_name, step_index, status, start_time, end_time, duration_ms, run_id
from numbered
where recency = 1
order by environment, process_name, step_index nulls last, step_name
