-- The rows of pipeline_run_state for the runs at hand.
select
  environment, process_name, run_id, run_date, status, status_conflict, run_attempt, queued_at, start_time, end_time,
  case
    when end_time is null then null
    when reported_duration_ms is not null then reported_duration_ms
    when end_time >= start_time then date_diff('millisecond', start_time, end_time)
  end as duration_ms,
  {{for name in sums}}{{name}}{{end}}, steps, memory_used_bytes,
  nullif(error[3], '') as error_code,
  nullif(error[4], '') as error_message,
  case error[5] when 'true' then true when 'false' then false end as error_retryable,
  error_step,
  {{for name in descriptors}}{{name}}{{end}},
  first_event_at, last_event_at, lease_ms, last_event_at + lease_ms * interval '0.001' second as lease_expires_at, last_event_failed,
  sources as input_sources,
  {{last_written}} as output_targets
from (
  select environment, process_name, run_id, run_date, run_status as status,
    case when opened is not null then attempt_conflict end as status_conflict,
    shown_attempt as run_attempt,
    attempt_queued_at as queued_at,
    run_start as start_time,
    case
      when run_status not in ({{ended}}) then null
      when opened is not null then attempt_end
      else steps_end
    end as end_time,
    case when opened is not null then attempt_duration_ms end as reported_duration_ms,
    {{for name in sums}}coalesce(attempt_{{name}}, case when coalesce(edge_{{name}}, outermost_{{name}}) <= {{max_integer}} then cast(coalesce(edge_{{name}}, outermost_{{name}}) as bigint) end) as {{name}}{{end}},
    steps, memory_used_bytes,
    coalesce(attempt_error, row(steps_error[1], steps_error[2], steps_error[3], steps_error[4], steps_error[5])) as error,
    steps_error[6] as error_step,
    {{for name in descriptors}}{{name}}{{end}},
    first_event_at, last_event_at, last_event_failed, sources, targets,
    case
      when promised_lease_ms is not null then promised_lease_ms
      when last_event_failed then {{failed_lease_ms}}
      when greatest_sla_ms * 2 > {{max_lease_ms}} then {{max_lease_ms}}
      when greatest_sla_ms * 2 > {{default_lease_ms}} then greatest_sla_ms * 2
      else {{default_lease_ms}}
    end as lease_ms
  from runs
) as known
