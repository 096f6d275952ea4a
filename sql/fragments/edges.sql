-- Whether a step reads what no step of its run writes, and whether it writes what none reads.
-- When the run was last started again is known here too.
since_known as (
  select *,
    max(case when unit = 'attempt' then {{since}} end)
      over (partition by environment, process_name, run_id) as run_since
  from units
),
-- One row for each path that a step reads or writes, and one for everything else.
pathed as (
  select k.*, p.path,
    max(case when p.path like 'w%' then 1 else 0 end)
      over (partition by k.environment, k.process_name, k.run_id, substr(p.path, 2)) as is_written,
    max(case when p.path like 'r%' then 1 else 0 end)
      over (partition by k.environment, k.process_name, k.run_id, substr(p.path, 2)) as is_read
  from since_known as k
  cross join {{unnest.paths}}
),
edged as (
  select *,
    max(case when path like 'r%' and is_written = 0 then 1 else 0 end)
      over (partition by environment, process_name, run_id, unit, step_name, place, map_index) as is_edge_in,
    max(case when path like 'w%' and is_read = 0 then 1 else 0 end)
      over (partition by environment, process_name, run_id, unit, step_name, place, map_index) as is_edge_out
  from pathed
)
