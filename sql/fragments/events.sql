-- Every event of the given dates, flat, with what the reductions ask of each. A step's try is its own; an event of the run has none.
select *,
  case when is_end then coalesce(end_time, event_time) end as told_end,
  case
    when is_start and coalesce(status, '') <> 'QUEUED' then coalesce(start_time, case when not is_untimed then event_time end)
    when is_end and start_time <= coalesce(end_time, event_time) then start_time
  end as told_start
from (
  select
    l.environment, l.process_name, l.run_id, l.run_attempt, l.step_name,
    case when l.step_name is not null then l.step_index end as step_index,
    case when l.step_name is not null then l.map_index end as map_index,
    case when l.step_name is not null then coalesce(l.attempt, 1) end as attempt,
    l.event_type, l.status, l.event_time, l.event_id, l.start_time, l.end_time, l.duration_ms,
    {{for name in sums}}l.{{name}}{{end}},
    coalesce(l.reporter, '') as reporter,
    case
      when l.error.error_code is not null or l.error.message is not null then row(
        l.event_time, l.event_id, coalesce(l.error.error_code, ''), coalesce(l.error.message, ''),
        case when l.error.retryable then 'true' when not l.error.retryable then 'false' else '' end
      )
    end as error,
    l.lease_ms, l.process_type, l.job_id, l.parent_run_id, l.root_run_id, l.owner, l.run_mode, l."user",
    l.notebook_path, l.notebook_git_sha, l.scheduled_for, l.data_interval_start, l.data_interval_end,
    l.cluster.cluster_id as cluster_id, l.cluster.cluster_size as cluster_size,
    l.sla.expected_max_duration_ms as expected_max_duration_ms,
    element_at(l.metrics, 'memory_used_mb') * 1048576e0 as memory_used_bytes,
    {{paths}} as paths,
    {{told_sources}} as sources,
    {{told_targets}} as targets,
    coalesce(contains(l.flags, 'event_time_assumed'), false) as is_untimed,
    l.event_type = case when l.step_name is null then 'RUN_START' else 'STEP_START' end as is_start,
    l.event_type = case when l.step_name is null then 'RUN_END' else 'STEP_END' end as is_end
  from pipeline_logs as l
  where l.event_date in (:log_dates)
) as flat
