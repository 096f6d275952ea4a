-- One row for each run, for its shown attempt, and for each shown try of a step: what its events told.
works as (
  select environment, process_name, run_id,
    case when grouping(unit) = 1 then 'run' else unit end as unit,
    step_name, place as step_index, map_index, run_attempt, attempt,
    max(unindexed) as unindexed,
    flatten(array_agg(paths) filter (where paths is not null)) as paths,
    max(opened) as opened,
    max(highest_attempt) as highest_attempt,
    min(event_time) as first_event_at,
    max(event_time) as last_event_at,
    max(event_time) filter (where event_type not in ('HEARTBEAT', 'METRIC')) as last_report_at,
    max(lease_ms) as promised_lease_ms,
    max(expected_max_duration_ms) as greatest_sla_ms,
    max(event_time) filter (
      where event_type not in ('HEARTBEAT', 'METRIC')
        and not (event_type = 'ERROR' or (is_end and step_name is not null and coalesce(status = 'FAILED', error is not null)))
    ) as last_ok_event_at,
    max(event_time) filter (
      where event_type = 'ERROR' or (is_end and step_name is not null and coalesce(status = 'FAILED', error is not null))
    ) as last_failed_event_at,
    cast(max(floor(memory_used_bytes)) filter (where memory_used_bytes >= 0 and memory_used_bytes <= {{max_integer}}e0) as bigint) as memory_used_bytes,
    {{for name in descriptors}}(max(row(event_time, event_id, {{name}})) filter (where {{name}} is not null))[3] as {{name}}{{end}},
    min(coalesce(start_time, event_time)) filter (where is_start and status = 'QUEUED') as queued_at,
    min(told_start) as first_start,
    max(told_start) as last_start,
    min(told_end) as first_end,
    max(told_end) as last_end,
    bool_or(is_start and status = 'RUNNING') as running,
    max(row(told_end, event_id, reporter)) filter (where is_end and status = 'FAILED') as failed,
    max(row(told_end, event_id, reporter)) filter (where is_end and status = 'TIMED_OUT') as timed_out,
    max(row(told_end, event_id, reporter)) filter (where is_end and status = 'CANCELLED') as cancelled,
    max(row(told_end, event_id, reporter)) filter (where is_end and status = 'SUCCESS') as success,
    max(row(told_end, event_id, reporter)) filter (where is_end and status = 'SKIPPED') as skipped,
    max(row(told_end, event_id, reporter)) filter (where is_end and status = 'RETRY') as retry,
    max(told_end) filter (where is_end and status is null) as ended,
    max(row(event_time, event_id, duration_ms)) filter (where is_end and duration_ms is not null) as told_duration_ms,
    {{for name in sums}}max(row(event_time, event_id, {{name}})) filter (where is_end and {{name}} is not null) as told_{{name}}{{end}},
    min(error) filter (where error is not null) as first_error,
    max(error) filter (where error is not null) as last_error
  from units
  group by grouping sets (
    (environment, process_name, run_id),
    (environment, process_name, run_id, unit, step_name, place, map_index, run_attempt, attempt)
  )
),
-- Started again under one number: two told starts, the first end before the last of them. What was told before is not shown.
executions as (
  select *,
    case when first_start < last_start and first_end < last_start then last_start end as since
  from works
  where unit <> 'superseded'
),
reported as (
  select *,
    failed is not null and coalesce(failed[1] >= since, true) as is_failed,
    timed_out is not null and coalesce(timed_out[1] >= since, true) as is_timed_out,
    cancelled is not null and coalesce(cancelled[1] >= since, true) as is_cancelled,
    success is not null and coalesce(success[1] >= since, true) as is_success,
    skipped is not null and coalesce(skipped[1] >= since, true) as is_skipped,
    ended is not null and coalesce(ended >= since, true) as is_ended,
    retry is not null and coalesce(retry[1] >= since, true) as is_retry,
    coalesce(since, first_start) as told_start,
    case
      when coalesce(first_error[1] >= since, true) then first_error
      when last_error[1] >= since then last_error
    end as error
  from executions
),
judged as (
  select *,
    case
      when is_failed then 'FAILED'
      when is_timed_out then 'TIMED_OUT'
      when is_cancelled then 'CANCELLED'
      when is_success then 'SUCCESS'
      when is_skipped then 'SKIPPED'
      when is_ended and unit = 'step' and error is not null then 'FAILED'
      when is_ended and unit = 'step' then 'SUCCESS'
      when is_ended then 'ENDED'
      when is_retry then 'RETRY'
      when running then 'RUNNING'
      when queued_at is not null then 'QUEUED'
      else 'RUNNING'
    end as word,
    case
      when (case when is_failed then 1 else 0 end) + (case when is_timed_out then 1 else 0 end)
        + (case when is_cancelled then 1 else 0 end) + (case when is_success then 1 else 0 end)
        + (case when is_skipped then 1 else 0 end) < 2 then null
      else substr(
        concat(
          case when is_failed then concat(', FAILED by ', coalesce(nullif(failed[3], ''), 'producer')) else '' end,
          case when is_timed_out then concat(', TIMED_OUT by ', coalesce(nullif(timed_out[3], ''), 'producer')) else '' end,
          case when is_cancelled then concat(', CANCELLED by ', coalesce(nullif(cancelled[3], ''), 'producer')) else '' end,
          case when is_success then concat(', SUCCESS by ', coalesce(nullif(success[3], ''), 'producer')) else '' end,
          case when is_skipped then concat(', SKIPPED by ', coalesce(nullif(skipped[3], ''), 'producer')) else '' end
        ), 3)
    end as conflict,
    case when coalesce(told_duration_ms[1] >= since, true) then told_duration_ms[3] end as reported_duration_ms,
    max(case when unit = 'attempt' then since end) over (partition by environment, process_name, run_id) as run_since
  from reported
),
-- One row for each path that a step reads or writes, and one for everything else.
pathed as (
  select *,
    max(case when path like 'w%' then 1 else 0 end)
      over (partition by environment, process_name, run_id, substr(path, 2)) as is_written,
    max(case when path like 'r%' then 1 else 0 end)
      over (partition by environment, process_name, run_id, substr(path, 2)) as is_read,
    row_number() over (
      partition by environment, process_name, run_id, unit, step_name, step_index, map_index
      order by path
    ) as copy
  from judged
  cross join unnest(
    coalesce(case when unit = 'step' then array_distinct(paths) || array[cast(null as varchar)] end, array[cast(null as varchar)])
  ) as u (path)
),
-- Whether a step reads what no step of its run writes, and whether it writes what none reads.
edged as (
  select *,
    max(case when path like 'r%' and is_written = 0 then 1 else 0 end)
      over (partition by environment, process_name, run_id, unit, step_name, step_index, map_index) as is_edge_in,
    max(case when path like 'w%' and is_read = 0 then 1 else 0 end)
      over (partition by environment, process_name, run_id, unit, step_name, step_index, map_index) as is_edge_out
  from pathed
)
