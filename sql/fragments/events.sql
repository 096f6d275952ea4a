-- The events of every run that the given objects touched, flat, with what the reductions ask of each.
touched as (
  select distinct environment, process_name, run_id
  from pipeline_logs
  where event_date in (:event_dates)
    and object in (:objects)
),
events as (
  select
    l.environment, l.process_name, l.run_id, l.run_attempt, l.step_name, l.step_index,
    coalesce(l.attempt, 1) as attempt,
    l.event_type, l.status, l.event_time, l.event_id, l.start_time, l.end_time, l.duration_ms,
    l.records_in, l.records_out, l.data_size_bytes_in, l.data_size_bytes_out,
    coalesce(l.reporter, '') as reporter,
    l.error.error_code as error_code, l.error.message as error_message, l.error.retryable as error_retryable,
    l.lease_ms, l.process_type, l.job_id, l.parent_run_id, l.root_run_id, l.owner, l.run_mode, l."user",
    l.notebook_path, l.notebook_git_sha, l.scheduled_for, l.data_interval_start, l.data_interval_end,
    l.cluster.cluster_id as cluster_id, l.cluster.cluster_size as cluster_size,
    l.sla.expected_max_duration_ms as expected_max_duration_ms,
    element_at(l.metrics, 'memory_used_mb') * 1048576e0 as memory_used_bytes,
    l.event_type = case when l.step_name is null then 'RUN_START' else 'STEP_START' end as is_start,
    l.event_type = case when l.step_name is null then 'RUN_END' else 'STEP_END' end as is_end
  from pipeline_logs as l
  join touched as t
    on t.environment = l.environment
    and t.process_name = l.process_name
    and t.run_id = l.run_id
  where l.event_date in (:log_dates)
)
