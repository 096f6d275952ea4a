-- How long after the end of its data interval each pipeline had that data done, and how far its data has come.
with {{asked_runs}},
lagging as (
  select environment, process_name, run_id, end_time, data_interval_end,
    date_diff('millisecond', data_interval_end, end_time) as lag_ms
  from asked_runs
  where status = 'SUCCESS'
    and end_time is not null
    and data_interval_end is not null
),
ranked as (
  select *,
    row_number() over (partition by environment, process_name order by lag_ms, run_id) as place,
    count(*) over (partition by environment, process_name) as measured
  from lagging
)
select environment, process_name,
  cast(count(*) as bigint) as runs,
  max(data_interval_end) as data_until,
  date_diff('millisecond', max(data_interval_end), :now) as behind_ms,
  (max(row(end_time, run_id, lag_ms)))[3] as last_lag_ms,
  min(lag_ms) filter (where place * 2 >= measured) as median_lag_ms,
  min(lag_ms) filter (where place * 100 >= measured * 95) as p95_lag_ms
from ranked
group by environment, process_name
order by behind_ms desc, environment, process_name
