-- Every run with its status as the clock sees it now.
select
  environment, process_name, run_id, run_date,
  {{status_at}} as status,
  status as reported_status,
  status_conflict, run_attempt, queued_at, start_time, end_time, duration_ms,
  records_in, records_out, data_size_bytes_in, data_size_bytes_out, steps, memory_used_bytes,
  error_code, error_message, error_retryable, error_step, expected_max_duration_ms,
  scheduled_for, data_interval_start, data_interval_end, process_type, run_mode, owner, "user", job_id,
  parent_run_id, root_run_id, notebook_path, notebook_git_sha, cluster_id, cluster_size,
  first_event_at, last_event_at, lease_expires_at
from pipeline_run_state
