-- The rows of pipeline_run_state for the runs at hand.
select
  environment, process_name, run_id, cast(start_time as date) as run_date,
  status, status_conflict, run_attempt, start_time,
  case when ended then last_end end as end_time,
  case
    when not ended then null
    when reported_duration_ms is not null then reported_duration_ms
    when last_end >= start_time then date_diff('millisecond', start_time, last_end)
  end as duration_ms,
  records_in, records_out, data_size_bytes_in, data_size_bytes_out, steps, memory_used_bytes,
  error_code, error_message, error_retryable, error_step, expected_max_duration_ms,
  scheduled_for, data_interval_start, data_interval_end, process_type, run_mode, owner, "user", job_id,
  parent_run_id, root_run_id, notebook_path, notebook_git_sha, cluster_id, cluster_size,
  run_first_event_at as first_event_at, last_event_at, lease_ms,
  last_event_at + lease_ms * interval '0.001' second as lease_expires_at,
  coalesce(last_failed_event_at >= last_ok_event_at, last_failed_event_at is not null) as last_event_failed
from (
  select *, status in ({{ended}}) as ended
  from runs
) as known
