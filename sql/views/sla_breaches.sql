-- Runs that took, or have been taking, longer than their SLA. A run that never ends is late all the same.
with timed as (
  select *,
    status in ({{open}}, 'LOST') as is_open,
    case
      when end_time is not null then duration_ms
      else date_diff('millisecond', start_time, {{now}})
    end as elapsed_ms
  from current_runs
  where expected_max_duration_ms is not null
)
select
  environment, process_name, run_id, run_date, status, start_time, end_time,
  expected_max_duration_ms, elapsed_ms,
  elapsed_ms - expected_max_duration_ms as over_by_ms,
  is_open, owner
from timed
where elapsed_ms > expected_max_duration_ms
