-- How far each pipeline's data has come: the end of the latest interval a successful run covered, or what a person set since.
with typed as (
  select try_cast(try(json_parse(line)) as row(
    kind varchar, environment varchar, process_name varchar, data_until varchar, who varchar, set_at varchar
  )) as r
  from recovery_lines
),
set_by_hand as (
  select environment, process_name, latest[1] as set_text, nullif(latest[2], '') as until_text, latest[3] as set_by
  from (
    select r.environment as environment, r.process_name as process_name,
      max(row(r.set_at, coalesce(r.data_until, ''), coalesce(r.who, ''))) as latest
    from typed
    where r.kind = 'watermark'
      and r.set_at is not null
    group by r.environment, r.process_name
  ) as latest_of_each
),
hands as (
  select environment, process_name, set_by,
    try_cast(concat(substr(set_text, 1, 10), ' ', substr(set_text, 12, 12)) as timestamp(6)) as set_at,
    try_cast(concat(substr(until_text, 1, 10), ' ', substr(until_text, 12, 12)) as timestamp(6)) as set_until
  from set_by_hand
),
told as (
  select s.environment, s.process_name,
    max(s.data_interval_end) filter (where s.status = 'SUCCESS' and (h.set_at is null or s.end_time > h.set_at)) as covered,
    max(s.end_time) filter (where s.status = 'SUCCESS') as last_success_at,
    (max(row(s.end_time, s.run_id)) filter (where s.status = 'SUCCESS' and s.end_time is not null))[2] as last_success_run_id,
    max(s.start_time) as last_start_at
  from pipeline_run_state as s
  left join hands as h
    on h.environment = s.environment
    and h.process_name = s.process_name
  group by s.environment, s.process_name
)
select
  coalesce(t.environment, h.environment) as environment,
  coalesce(t.process_name, h.process_name) as process_name,
  case when t.covered is null or h.set_until > t.covered then h.set_until else t.covered end as data_until,
  t.last_success_at, t.last_success_run_id, t.last_start_at, h.set_at, h.set_by
from told as t
full join hands as h
  on h.environment = t.environment
  and h.process_name = t.process_name
