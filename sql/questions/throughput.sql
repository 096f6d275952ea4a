-- How many records and bytes the runs of each pipeline moved, and how many a second, day by day.
with {{asked_runs}},
counted as (
  select environment, process_name, run_date,
    cast(duration_ms as double) / 1000e0 as seconds,
    cast(coalesce(records_out, records_in) as double) as records,
    cast(coalesce(data_size_bytes_out, data_size_bytes_in) as double) as bytes
  from asked_runs
  where duration_ms > 0
),
summed as (
  select environment, process_name, run_date,
    count(*) as runs,
    sum(cast(records as decimal(38, 0))) as records,
    sum(cast(bytes as decimal(38, 0))) as bytes,
    sum(cast(case when records is not null then seconds * 1000e0 end as decimal(38, 0))) as records_ms,
    sum(cast(case when bytes is not null then seconds * 1000e0 end as decimal(38, 0))) as bytes_ms
  from counted
  group by environment, process_name, run_date
)
select environment, process_name, run_date as day,
  cast(runs as bigint) as runs,
  case when records <= {{max_integer}} then cast(records as bigint) end as records,
  case when bytes <= {{max_integer}} then cast(bytes as bigint) end as bytes,
  cast(records as double) / nullif(cast(records_ms as double), 0e0) * 1000e0 as records_per_second,
  cast(bytes as double) / nullif(cast(bytes_ms as double), 0e0) * 1000e0 as bytes_per_second
from summed
order by environment, process_name, run_date
