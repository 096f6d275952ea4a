-- Which pipelines have become slower: the median duration of the later half of the time, against that of the earlier.
with {{asked_runs}},
halves as (
  select environment, process_name, run_id, duration_ms,
    date_diff('millisecond', began_at, :now) * 2 <= date_diff('millisecond', :since, :now) as is_later
  from asked_runs
  where duration_ms is not null
    and status = 'SUCCESS'
),
ranked as (
  select *,
    row_number() over (partition by environment, process_name, is_later order by duration_ms, run_id) as place,
    count(*) over (partition by environment, process_name, is_later) as measured
  from halves
),
medians as (
  select environment, process_name,
    count(*) filter (where not is_later) as earlier_runs,
    count(*) filter (where is_later) as later_runs,
    min(duration_ms) filter (where not is_later and place * 2 >= measured) as earlier_median_ms,
    min(duration_ms) filter (where is_later and place * 2 >= measured) as later_median_ms
  from ranked
  group by environment, process_name
)
select environment, process_name,
  cast(earlier_runs as bigint) as earlier_runs,
  cast(later_runs as bigint) as later_runs,
  earlier_median_ms, later_median_ms,
  later_median_ms - earlier_median_ms as grown_by_ms,
  cast(later_median_ms as double) / nullif(cast(earlier_median_ms as double), 0e0) as growth
from medians
where earlier_runs >= :least_runs
  and later_runs >= :least_runs
  and later_median_ms > earlier_median_ms
order by growth desc nulls first, environment, process_name
