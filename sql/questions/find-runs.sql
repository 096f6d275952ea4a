-- Runs that fit what is asked, the latest start first, with what lists of runs show. A run is listed by its start, else by when it was queued or first heard of.
with stepped as (
  select distinct environment, process_name, run_id
  from pipeline_steps
  where :step <> '%'
    and step_name like :step escape '\'
    and run_date between cast(:since as date) and cast(:until as date)
),
coded as (
  select distinct environment, process_name, run_id
  from pipeline_steps
  where :error_code <> '%'
    and error_code like :error_code escape '\'
    and run_date between cast(:since as date) and cast(:until as date)
),
tagged as (
  select distinct environment, process_name, run_id
  from pipeline_logs
  where :tag <> ''
    and element_at(tags, split_part(:tag, '=', 1)) is not null
    and (strpos(:tag, '=') = 0 or element_at(tags, split_part(:tag, '=', 1)) = substr(:tag, strpos(:tag, '=') + 1))
    and event_date >= cast(:since as date)
),
timed as (
  select r.*,
    coalesce(r.start_time, r.queued_at, r.first_event_at) as listed_at,
    case when r.end_time is null then date_diff('millisecond', r.start_time, :now) else r.duration_ms end as elapsed_ms
  from current_runs as r
  where r.run_date between cast(:since as date) and cast(:until as date)
    and r.process_name like :process_name escape '\'
    and r.environment like :environment escape '\'
    and (:owner = '%' or r.owner like :owner escape '\')
    and starts_with(r.run_id, :run_id)
    and r.status in (:status)
    and (:open = '' or (r.status in ('RUNNING', 'QUEUED', 'RETRY', 'SUSPECT')) = (:open = 'yes'))
),
found as (
  select t.*,
    coalesce(t.elapsed_ms > t.expected_max_duration_ms, false) as is_late
  from timed as t
  left join stepped as s
    on s.environment = t.environment
    and s.process_name = t.process_name
    and s.run_id = t.run_id
  left join coded as c
    on c.environment = t.environment
    and c.process_name = t.process_name
    and c.run_id = t.run_id
  left join tagged as g
    on g.environment = t.environment
    and g.process_name = t.process_name
    and g.run_id = t.run_id
  where t.listed_at >= :since
    and t.listed_at < :until
    and t.listed_at <= :before
    and (:step = '%' or s.run_id is not null)
    and (:error_code = '%' or t.error_code like :error_code escape '\' or c.run_id is not null)
    and (:tag = '' or g.run_id is not null)
    and (:late = '' or coalesce(t.elapsed_ms > t.expected_max_duration_ms, false) = (:late = 'yes'))
  order by t.listed_at desc, t.environment, t.process_name, t.run_id
  offset :skip
  limit :limit
),
tried as (
  select f.environment, f.process_name, f.run_id, max(s.attempt) as tries
  from found as f
  join pipeline_steps as s
    on s.environment = f.environment
    and s.process_name = f.process_name
    and s.run_id = f.run_id
    and s.run_date = f.run_date
  group by f.environment, f.process_name, f.run_id
),
checked as (
  select f.environment, f.process_name, f.run_id, count(*) filter (where not q.success) as failed_checks
  from found as f
  join quality_results as q
    on q.environment = f.environment
    and q.process_name = f.process_name
    and q.run_id = f.run_id
  where :quality = 'yes'
    and q.event_date >= cast(:since as date)
  group by f.environment, f.process_name, f.run_id
)
select
  f.environment, f.process_name, f.run_id, f.run_date, f.listed_at, f.status, f.status_conflict, f.run_attempt,
  f.queued_at, f.start_time, f.end_time, f.duration_ms, f.elapsed_ms, f.expected_max_duration_ms, f.is_late,
  f.records_in, f.records_out, f.data_size_bytes_in, f.data_size_bytes_out, f.steps, t.tries,
  f.error_code, f.error_message, f.error_retryable, f.error_step, cast(q.failed_checks as bigint) as failed_checks,
  f.owner, f."user", f.process_type, f.run_mode, f.job_id, f.parent_run_id, f.root_run_id, f.scheduled_for,
  f.first_event_at, f.last_event_at, f.lease_expires_at
from found as f
left join tried as t
  on t.environment = f.environment
  and t.process_name = f.process_name
  and t.run_id = f.run_id
left join checked as q
  on q.environment = f.environment
  and q.process_name = f.process_name
  and q.run_id = f.run_id
order by f.listed_at desc, f.environment, f.process_name, f.run_id
