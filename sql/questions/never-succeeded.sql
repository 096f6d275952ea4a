-- Which pipelines have run and never succeeded.
with {{asked_runs}},
ranked as (
  select *,
    row_number() over (partition by environment, process_name order by began_at desc, run_id desc) as recency
  from asked_runs
)
select environment, process_name,
  (max(row(began_at, run_id, owner)) filter (where owner is not null))[3] as owner,
  cast(count(*) as bigint) as runs,
  cast(count(*) filter (where status in ({{failed}})) as bigint) as failed,
  min(began_at) as first_at,
  max(began_at) as last_at,
  max(case when recency = 1 then run_id end) as last_run_id,
  max(case when recency = 1 then status end) as last_status,
  (max(row(began_at, run_id, error_code)) filter (where error_code is not null))[3] as last_error_code
from ranked
group by environment, process_name
having not bool_or(status = 'SUCCESS')
order by environment, process_name
