-- The fields of each dataset as a run last told them.
with told as (
  select
    environment, dataset, process_name, run_id, field,
    max(row(event_time, coalesce(field_type, '')))[2] as field_type,
    max(position) as position,
    max(event_time) as told_at
  from dataset_schemas
  where event_date >= cast(:since as date)
    and dataset like :dataset escape '\'
    and (:environment = '' or environment = :environment)
  group by environment, dataset, process_name, run_id, field
),
tellings as (
  select
    environment, dataset, process_name, run_id,
    max(told_at) as told_at,
    row_number() over (
      partition by environment, dataset
      order by max(told_at) desc, process_name, run_id
    ) as place
  from told
  group by environment, dataset, process_name, run_id
)
select
  t.environment, t.dataset, t.field, nullif(t.field_type, '') as field_type, t.position,
  l.told_at, t.process_name, t.run_id
from tellings as l
join told as t
  on t.environment = l.environment
  and t.dataset = l.dataset
  and t.process_name = l.process_name
  and t.run_id = l.run_id
where l.place = 1
order by t.environment, t.dataset, t.position, t.field
limit :limit
