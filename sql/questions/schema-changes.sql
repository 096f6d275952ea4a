-- Fields that were added, removed or given another type: what a run of a pipeline told of a dataset, against the run before it.
with told as (
  select
    environment, dataset, process_name, run_id, field,
    max(row(event_time, coalesce(field_type, '')))[2] as field_type,
    max(event_time) as told_at
  from dataset_schemas
  where event_date >= cast(:since as date)
    and dataset like :dataset escape '\'
    and process_name like :process_name escape '\'
    and (:environment = '' or environment = :environment)
  group by environment, dataset, process_name, run_id, field
),
tellings as (
  select
    environment, dataset, process_name, run_id,
    max(told_at) as told_at,
    lag(run_id) over (
      partition by environment, dataset, process_name
      order by max(told_at), run_id
    ) as run_before
  from told
  group by environment, dataset, process_name, run_id
),
compared as (
  select
    l.environment, l.dataset, l.process_name, l.run_id, l.run_before, l.told_at, t.field,
    case when t.run_id = l.run_id then t.field_type end as type_after,
    case when t.run_id = l.run_before then t.field_type end as type_before
  from tellings as l
  join told as t
    on t.environment = l.environment
    and t.dataset = l.dataset
    and t.process_name = l.process_name
    and t.run_id in (l.run_id, l.run_before)
  where l.run_before is not null
)
select
  environment, dataset, process_name, told_at as changed_at, field,
  case when max(type_before) is null then 'added' when max(type_after) is null then 'removed' else 'retyped' end
    as change,
  nullif(max(type_before), '') as type_before,
  nullif(max(type_after), '') as type_after,
  run_id, run_before
from compared
group by environment, dataset, process_name, run_id, run_before, told_at, field
having max(type_before) is distinct from max(type_after)
order by told_at desc, environment, dataset, process_name, field, run_id
limit :limit
