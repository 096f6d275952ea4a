-- What was said of each run, and from when to when it stood: one row per change.
with said as (
  select
    environment, process_name, run_id, run_attempt, status, reporter, event_id, event_key,
    case when event_type = 'RUN_START' then coalesce(start_time, event_time) else coalesce(end_time, event_time) end as said_at
  from pipeline_logs
  where event_type in ('RUN_START', 'RUN_END')
    and step_name is null
),
compared as (
  select *,
    lag(status) over (
      partition by environment, process_name, run_id
      order by run_attempt, said_at, event_id, event_key
    ) as status_before,
    lag(run_attempt) over (
      partition by environment, process_name, run_id
      order by run_attempt, said_at, event_id, event_key
    ) as attempt_before
  from said
),
changes as (
  select *
  from compared
  where status is distinct from status_before
    or run_attempt is distinct from attempt_before
)
select
  environment, process_name, run_id, run_attempt, status,
  coalesce(reporter, 'producer') as reporter,
  said_at as valid_from,
  lead(said_at) over (
    partition by environment, process_name, run_id
    order by run_attempt, said_at, event_id, event_key
  ) as valid_to,
  lead(said_at) over (
    partition by environment, process_name, run_id
    order by run_attempt, said_at, event_id, event_key
  ) is null as is_current
from changes
