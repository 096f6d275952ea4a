-- Pipelines and tables whose name contains a text, and runs whose id begins with it.
with pipelines as (
  select
    'pipeline' as kind,
    1 as place,
    environment,
    process_name,
    process_name as name,
    max(coalesce(start_time, first_event_at)) as seen_at
  from pipeline_run_state
  where strpos(lower(process_name), lower(:text)) > 0
  group by environment, process_name
),
runs as (
  select
    'run' as kind,
    2 as place,
    environment,
    process_name,
    run_id as name,
    coalesce(start_time, first_event_at) as seen_at
  from pipeline_run_state
  where starts_with(run_id, :text)
),
datasets as (
  select
    'table' as kind,
    3 as place,
    environment,
    cast(null as varchar) as process_name,
    path as name,
    max(written_at) as seen_at
  from run_reads_writes
  where strpos(lower(path), lower(:text)) > 0
  group by environment, path
),
found as (
  select kind, place, environment, process_name, name, seen_at from pipelines
  union all
  select kind, place, environment, process_name, name, seen_at from runs
  union all
  select kind, place, environment, process_name, name, seen_at from datasets
),
ranked as (
  select
    kind, place, environment, process_name, name, seen_at,
    row_number() over (partition by kind order by seen_at desc nulls last, environment, process_name, name) as nth
  from found
)
select kind, environment, process_name, name, seen_at
from ranked
where nth <= :limit
order by place, nth
