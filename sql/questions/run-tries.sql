-- Every try of every step of a run, and every attempt of the run itself (without a step), in the order in which they began.
with told as (
  select
    environment, process_name, run_id, run_attempt, step_name, step_index, map_index,
    case when step_name is not null then coalesce(attempt, 1) end as attempt,
    event_type, event_time, event_key, status, duration_ms, records_in, records_out, error,
    event_type in ('RUN_START', 'STEP_START') as is_start,
    event_type in ('RUN_END', 'STEP_END') as is_end,
    case
      when event_type in ('RUN_START', 'STEP_START') then coalesce(start_time, event_time)
      when event_type in ('RUN_END', 'STEP_END') then start_time
    end as told_start,
    case when event_type in ('RUN_END', 'STEP_END') then coalesce(end_time, event_time) end as told_end,
    min(step_index) over (partition by environment, process_name, run_id, step_name, map_index) as least_index,
    max(step_index) over (partition by environment, process_name, run_id, step_name, map_index) as greatest_index
  from pipeline_logs
  where event_date between cast(:since as date) and cast(:until as date)
    and environment like :environment escape '\'
    and process_name like :process_name escape '\'
    and run_id = :run_id
    and event_type in ('RUN_START', 'RUN_END', 'STEP_START', 'STEP_END', 'ERROR')
),
placed as (
  select *,
    coalesce(step_index, case when least_index = greatest_index then greatest_index end) as place
  from told
),
tries as (
  select
    environment, process_name, run_id, run_attempt, step_name, place as step_index, map_index, attempt,
    min(told_start) as start_time,
    max(told_end) as end_time,
    max(row(event_time, event_key, duration_ms)) filter (where is_end and duration_ms is not null) as told_duration,
    max(row(event_time, event_key, records_in)) filter (where is_end and records_in is not null) as told_in,
    max(row(event_time, event_key, records_out)) filter (where is_end and records_out is not null) as told_out,
    min(row(event_time, event_key, coalesce(error.error_code, ''), coalesce(error.message, ''), coalesce(error.root_cause, ''), coalesce(error.stack_trace, '')))
      filter (where error.error_code is not null or error.message is not null) as first_error,
    bool_or(is_end) as has_ended,
    bool_or(is_end and status = 'FAILED') as is_failed,
    bool_or(is_end and status = 'TIMED_OUT') as is_timed_out,
    bool_or(is_end and status = 'CANCELLED') as is_cancelled,
    bool_or(is_end and status = 'SUCCESS') as is_success,
    bool_or(is_end and status = 'SKIPPED') as is_skipped,
    bool_or(is_end and status = 'RETRY') as is_retry,
    bool_and(not is_start or status = 'QUEUED') as is_queued
  from placed
  group by environment, process_name, run_id, run_attempt, step_name, place, map_index, attempt
),
seen as (
  select t.*, r.status as run_status,
    lead(t.run_attempt) over (
      partition by t.environment, t.process_name, t.run_id, t.step_name, t.step_index, t.map_index
      order by t.run_attempt, t.attempt
    ) is not null as is_superseded
  from tries as t
  left join current_runs as r
    on r.environment = t.environment
    and r.process_name = t.process_name
    and r.run_id = t.run_id
)
select
  environment, process_name, run_id, run_attempt, step_name, step_index, map_index, attempt,
  case
    when is_failed then 'FAILED'
    when is_timed_out then 'TIMED_OUT'
    when is_cancelled then 'CANCELLED'
    when is_success then 'SUCCESS'
    when is_skipped then 'SKIPPED'
    when is_retry then 'RETRY'
    when has_ended and first_error is not null then 'FAILED'
    when has_ended and step_name is null and not is_superseded then run_status
    when has_ended then 'SUCCESS'
    when first_error is not null and (is_superseded or run_status in ('FAILED', 'TIMED_OUT', 'LOST')) then 'FAILED'
    when step_name is null and not is_superseded then run_status
    when is_superseded or run_status in ('FAILED', 'TIMED_OUT', 'CANCELLED', 'SUCCESS', 'SKIPPED', 'LOST') then 'ABANDONED'
    when is_queued then 'QUEUED'
    else 'RUNNING'
  end as status,
  start_time, end_time,
  case
    when not has_ended then null
    when told_duration is not null then told_duration[3]
    when end_time >= start_time then date_diff('millisecond', start_time, end_time)
  end as duration_ms,
  told_in[3] as records_in,
  told_out[3] as records_out,
  nullif(first_error[3], '') as error_code,
  nullif(first_error[4], '') as error_message,
  nullif(first_error[5], '') as root_cause,
  nullif(first_error[6], '') as stack_trace
from seen
order by environment, process_name, run_id, run_attempt, start_time nulls last, step_name nulls first, step_index nulls last, map_index nulls last, attempt
limit :limit
