-- Every run: its current attempt, what its steps add up to, and the status that follows.
run_events as (
  select environment, process_name, run_id,
    min(event_time) as run_first_event_at,
    max(event_time) as last_event_at,
    max(run_attempt) filter (where step_name is null and (is_start or is_end)) as opened,
    max(run_attempt) as highest_attempt,
    coalesce(max(lease_ms), 86400000) as lease_ms,
    max(event_time) filter (
      where event_type not in ('HEARTBEAT', 'METRIC')
        and not (event_type = 'ERROR' or (is_end and step_name is not null and status = 'FAILED'))
    ) as last_ok_event_at,
    max(event_time) filter (
      where event_type = 'ERROR' or (is_end and step_name is not null and status = 'FAILED')
    ) as last_failed_event_at,
    cast(max(floor(memory_used_bytes)) filter (where memory_used_bytes >= 0 and memory_used_bytes <= {{max_integer}}e0) as bigint) as memory_used_bytes,
    {{for name in descriptors}}(max(row(event_time, event_id, {{name}})) filter (where {{name}} is not null))[3] as {{name}}{{end}}
  from events
  group by environment, process_name, run_id
),
attempt_events as (
  select e.*
  from events as e
  join run_events as r
    on r.environment = e.environment
    and r.process_name = e.process_name
    and r.run_id = e.run_id
  where e.step_name is null
    and e.run_attempt = coalesce(r.opened, r.highest_attempt)
),
attempt_work as (
  select environment, process_name, run_id,
{{work}}
  from attempt_events
  group by environment, process_name, run_id
),
attempts as (
  select *,
{{counted}}
  from attempt_work
),
step_sums as (
  select environment, process_name, run_id,
    count(*) as steps,
    bool_and(word in ({{ended}})) as all_ended,
    bool_or(word = 'FAILED') as any_failed,
    bool_or(word = 'TIMED_OUT') as any_timed_out,
    bool_or(word = 'CANCELLED') as any_cancelled,
    bool_or(word = 'SUCCESS') as any_success,
    min(start_time) as first_start_time,
    max(last_end) as last_end,
    {{for name in sums}}sum(cast({{name}} as decimal(38, 0))) as {{name}}{{end}},
    min(row(first_error[1], first_error[2], first_error[3], first_error[4], first_error[5], step_name))
      filter (where first_error is not null) as first_error
  from steps
  group by environment, process_name, run_id
),
runs as (
  select r.*,
    coalesce(r.opened, r.highest_attempt) as run_attempt,
    coalesce(s.steps, 0) as steps,
    case
      when r.opened is not null then coalesce(
{{word}}
      , 'RUNNING')
      when not coalesce(s.all_ended, false) then 'RUNNING'
      when s.any_failed then 'FAILED'
      when s.any_timed_out then 'TIMED_OUT'
      when s.any_cancelled then 'CANCELLED'
      when s.any_success then 'SUCCESS'
      else 'SKIPPED'
    end as status,
    case
      when r.opened is null then null
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
    end as status_conflict,
    case
      when r.opened is not null then coalesce(a.least_start_time, a.first_event_at)
      when s.first_start_time is null then coalesce(a.least_start_time, a.first_event_at, r.run_first_event_at)
      when coalesce(a.least_start_time, a.first_event_at) < s.first_start_time then coalesce(a.least_start_time, a.first_event_at)
      else s.first_start_time
    end as start_time,
    case when r.opened is not null then a.last_end else s.last_end end as last_end,
    case when r.opened is not null then a.reported_duration_ms end as reported_duration_ms,
    {{for name in sums}}coalesce(a.{{name}}, case when s.{{name}} <= {{max_integer}} then cast(s.{{name}} as bigint) end) as {{name}}{{end}},
    nullif(coalesce(a.first_error[3], s.first_error[3]), '') as error_code,
    nullif(case when a.first_error is not null then a.first_error[4] else s.first_error[4] end, '') as error_message,
    case coalesce(a.first_error[5], s.first_error[5]) when 'true' then true when 'false' then false end as error_retryable,
    s.first_error[6] as error_step
  from run_events as r
  left join attempts as a
    on a.environment = r.environment
    and a.process_name = r.process_name
    and a.run_id = r.run_id
  left join step_sums as s
    on s.environment = r.environment
    and s.process_name = r.process_name
    and s.run_id = r.run_id
)
