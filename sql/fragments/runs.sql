-- Every run: what its attempt told, what its steps add up to, and the status that follows.
-- Steps that only an earlier execution told of are shown, but say nothing of the newest one.
current as (
  select *,
    unit = 'step' and coalesce(last_report_at >= run_since, run_since is null) as is_current,
    case when run_since > since or since is null then run_since else since end as counted_since
  from judged
),
counted as (
  select *,
    row(coalesce(told_start, first_event_at), coalesce(step_index, 2147483647), step_name) as place_in_run,
    case
      when not is_current then null
      when first_error is not null and coalesce(first_error[1] >= counted_since, true)
        then row(first_error[1], first_error[2], first_error[3], first_error[4], first_error[5], step_name)
      when last_error[1] >= counted_since
        then row(last_error[1], last_error[2], last_error[3], last_error[4], last_error[5], step_name)
    end as step_error,
    {{counts}}
  from current
),
outermost as (
  select *,
    {{outermost_places}}
  from counted
),
summed as (
  select environment, process_name, run_id,
    max(opened) as opened,
    max(shown_attempt) as shown_attempt,
    min(first_event_at) as first_event_at,
    max(last_event_at) as last_event_at,
    max(promised_lease_ms) as promised_lease_ms,
    max(greatest_sla_ms) as greatest_sla_ms,
    max(last_ok_event_at) as last_ok_event_at,
    max(last_failed_event_at) as last_failed_event_at,
    max(memory_used_bytes) as memory_used_bytes,
    {{for name in descriptors}}max(case when {{name}} is not null then row(latest[1], latest[2], {{name}}) end)[3] as {{name}}{{end}},
    max(case when unit = 'attempt' then word end) as attempt_word,
    max(case when unit = 'attempt' then conflict end) as attempt_conflict,
    max(case when unit = 'attempt' then told_start end) as attempt_start,
    max(case when unit = 'attempt' then queued_at end) as attempt_queued_at,
    max(case when unit = 'attempt' then last_end end) as attempt_end,
    max(case when unit = 'attempt' then reported_duration_ms end) as attempt_duration_ms,
    max(case when unit = 'attempt' then error end) as attempt_error,
    count(case when unit = 'step' then 1 end) as steps,
    max(case when is_current and word not in ({{ended}}) then 1 else 0 end) as any_open,
    max(case when is_current and word not in ({{ended}}) and error is null then 1 else 0 end) as any_under_way,
    max(case when is_current and word = 'FAILED' then 1 else 0 end) as any_failed,
    max(case when is_current and word = 'TIMED_OUT' then 1 else 0 end) as any_timed_out,
    max(case when is_current and word = 'CANCELLED' then 1 else 0 end) as any_cancelled,
    max(case when is_current and word = 'SUCCESS' then 1 else 0 end) as any_success,
    max(case
      when is_current and run_attempt = shown_attempt and error is not null and word not in ({{ended_well}}) then 1
      else 0
    end) as any_error,
    min(case
      when not is_current or run_attempt <> shown_attempt then null
      when word = 'FAILED' then 1
      when word = 'TIMED_OUT' then 2
      when word = 'CANCELLED' then 3
      when word = 'SUCCESS' then 4
      when word = 'SKIPPED' then 5
    end) as worst_end,
    min(case when is_current then told_start end) as steps_start,
    max(case when is_current then last_end end) as steps_end,
    min(step_error) as steps_error,
    array_sort(array_distinct(flatten(array_agg(sources) filter (where sources is not null)))) as sources,
    array_sort(flatten(array_agg({{written_targets}}) filter (where targets is not null))) as targets,
    {{run_sums}}
  from outermost
  group by environment, process_name, run_id
),
decided as (
  select *,
    case
      when opened is not null and attempt_word <> 'ENDED' then attempt_word
      when opened is not null and (attempt_error is not null or any_error = 1 or worst_end = 1) then 'FAILED'
      when opened is not null and worst_end = 2 then 'TIMED_OUT'
      when opened is not null and worst_end = 3 then 'CANCELLED'
      when opened is not null and worst_end = 5 then 'SKIPPED'
      when opened is not null then 'SUCCESS'
      when steps = 0 or any_open = 1 then 'RUNNING'
      when any_failed = 1 then 'FAILED'
      when any_timed_out = 1 then 'TIMED_OUT'
      when any_cancelled = 1 then 'CANCELLED'
      when any_success = 1 then 'SUCCESS'
      else 'SKIPPED'
    end as run_status,
    case when opened is not null then coalesce(attempt_start, steps_start) else steps_start end as run_start,
    coalesce(last_failed_event_at >= last_ok_event_at, last_failed_event_at is not null) and any_under_way = 0 as last_event_failed
  from summed
),
runs as (
  select *, cast(coalesce(run_start, attempt_queued_at, first_event_at) as date) as run_date
  from decided
)
