-- Runs that have not ended and are not lost: for how long, and whether they are late already.
select
  environment, process_name, run_id, run_date, status, run_attempt, start_time,
  date_diff('millisecond', start_time, {{now}}) as running_for_ms,
  expected_max_duration_ms,
  coalesce(date_diff('millisecond', start_time, {{now}}) > expected_max_duration_ms, false) as is_late,
  steps, last_event_at, lease_expires_at, owner, "user", cluster_id
from current_runs
where status in ({{open}})
