-- How many bytes the runs of each pipeline shuffled, day by day, where their metrics tell.
with {{asked_runs}},
told as (
  select environment, process_name, run_id, step_name,
    coalesce(step_index, -1) as step_index,
    coalesce(map_index, -1) as map_index,
    max(coalesce(
      element_at(metrics, 'shuffle_bytes'),
      coalesce(element_at(metrics, 'shuffle_read_bytes'), 0e0) + coalesce(element_at(metrics, 'shuffle_write_bytes'), 0e0)
    )) as bytes
  from pipeline_logs
  where event_date >= cast(:since as date)
    and coalesce(
      element_at(metrics, 'shuffle_bytes'),
      element_at(metrics, 'shuffle_read_bytes'),
      element_at(metrics, 'shuffle_write_bytes')
    ) is not null
  group by environment, process_name, run_id, step_name, coalesce(step_index, -1), coalesce(map_index, -1)
),
of_runs as (
  select environment, process_name, run_id,
    max(bytes) filter (where step_name is null) as own_bytes,
    sum(cast(case when step_name is not null and bytes < {{max_integer}} then bytes end as decimal(38, 0))) as step_bytes
  from told
  group by environment, process_name, run_id
),
counted as (
  select r.environment, r.process_name, r.run_date, r.run_id,
    coalesce(case when t.own_bytes < {{max_integer}} then cast(t.own_bytes as decimal(38, 0)) end, t.step_bytes) as bytes
  from asked_runs as r
  join of_runs as t
    on t.environment = r.environment
    and t.process_name = r.process_name
    and t.run_id = r.run_id
)
select environment, process_name, run_date as day,
  cast(count(*) as bigint) as runs,
  case when sum(cast(bytes as decimal(38, 0))) <= {{max_integer}} then cast(sum(cast(bytes as decimal(38, 0))) as bigint) end
    as shuffle_bytes,
  case when max(bytes) <= {{max_integer}} then cast(max(bytes) as bigint) end as most_bytes
from counted
group by environment, process_name, run_date
order by environment, process_name, run_date
