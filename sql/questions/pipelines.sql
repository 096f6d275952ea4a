-- Every pipeline that ran: its latest run, how often its runs succeed, and how long they take.
with {{asked_runs}},
numbered as (
  select *,
    row_number() over (partition by environment, process_name order by began_at desc, run_id desc) as recency,
    row_number() over (partition by environment, process_name order by duration_ms nulls last, run_id) as duration_rank,
    count(duration_ms) over (partition by environment, process_name) as measured
  from asked_runs
)
select
  environment, process_name,
  (max(row(began_at, run_id, owner)) filter (where owner is not null))[3] as owner,
  max(case when recency = 1 then run_id end) as last_run_id,
  max(case when recency = 1 then status end) as last_status,
  max(case when recency = 1 then start_time end) as last_start_time,
  max(case when recency = 1 then duration_ms end) as last_duration_ms,
  max(case when recency = 1 then error_code end) as last_error_code,
  max(case when recency = 1 then error_message end) as last_error_message,
  cast(count(*) as bigint) as runs,
  cast(count(*) filter (where status in ({{failed}})) as bigint) as failed,
  cast(count(*) filter (where status in ({{ended}}, 'LOST') and status not in ({{failed}})) as double)
    / nullif(cast(count(*) filter (where status in ({{ended}}, 'LOST')) as double), 0e0) as success_rate,
  min(duration_ms) filter (where duration_rank * 100 >= measured * 50) as p50_duration_ms,
  min(duration_ms) filter (where duration_rank * 100 >= measured * 95) as p95_duration_ms,
  max(end_time) filter (where status = 'SUCCESS') as last_success_at,
  cast(count(*) filter (where status in ({{open}})) as bigint) as open_runs,
  (max(row(end_time, run_id, records_out))
    filter (where status = 'SUCCESS' and end_time is not null and records_out is not null))[3] as last_records_out
from numbered
group by environment, process_name
order by environment, process_name
