-- Which runs failed, the latest first: what went wrong in which step, and what to do.
with {{asked_runs}}
select
  environment, process_name, run_id, status, start_time,
  coalesce(end_time, last_event_at) as failed_at,
  duration_ms, error_step, error_code, error_message, error_retryable,
  {{error_class}} as error_class,
  {{error_advice}} as advice,
  owner, run_attempt, parent_run_id
from asked_runs
where status in ({{failed}})
  and coalesce(end_time, last_event_at) >= :since
order by failed_at desc, environment, process_name, run_id
limit :limit
