-- What one run attempt, or one try of a step, has said of itself.
    min(event_time) as first_event_at,
    min(start_time) as least_start_time,
    min(coalesce(start_time, event_time)) filter (where is_start) as first_start,
    max(coalesce(start_time, event_time)) filter (where is_start) as last_start,
    bool_or(is_start and status = 'RUNNING') as running,
    max(coalesce(end_time, event_time)) filter (where is_end) as last_end,
    max(row(coalesce(end_time, event_time), event_id, reporter)) filter (where is_end and status = 'FAILED') as failed,
    max(row(coalesce(end_time, event_time), event_id, reporter)) filter (where is_end and status = 'TIMED_OUT') as timed_out,
    max(row(coalesce(end_time, event_time), event_id, reporter)) filter (where is_end and status = 'CANCELLED') as cancelled,
    max(row(coalesce(end_time, event_time), event_id, reporter)) filter (where is_end and status = 'SUCCESS') as success,
    max(row(coalesce(end_time, event_time), event_id, reporter)) filter (where is_end and status = 'SKIPPED') as skipped,
    max(row(coalesce(end_time, event_time), event_id, reporter)) filter (where is_end and status = 'RETRY') as retry,
    (max(row(event_time, event_id, duration_ms)) filter (where is_end and duration_ms is not null))[3] as reported_duration_ms,
    {{for name in sums}}(max(row(event_time, event_id, {{name}})) filter (where is_end and {{name}} is not null))[3] as {{name}}{{end}},
    min(row(
      event_time, event_id, coalesce(error_code, ''), coalesce(error_message, ''),
      case when error_retryable then 'true' when not error_retryable then 'false' else '' end
    )) filter (where error_code is not null or error_message is not null) as first_error
