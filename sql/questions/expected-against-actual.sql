-- What should have run on a day, and what did: each slot with the runs that filled it, and the runs that filled none.
with slots as (
  select environment, process_name, slot, local_time, timezone, state, reasons, run_id, run_status, start_time, end_time
  from expectations
  where slot_on = :day
    and (:environment = '' or environment = :environment)
    and process_name like :process_name escape '\'
),
others as (
  select r.environment, r.process_name, r.run_id, r.status, r.start_time, r.end_time
  from current_runs as r
  left join (
    select distinct environment, process_name, run_id
    from expectations
    where slot_on = :day
      and run_id is not null
  ) as s
    on s.environment = r.environment
    and s.process_name = r.process_name
    and s.run_id = r.run_id
  where r.run_date = cast(:day as date)
    and s.run_id is null
    and (:environment = '' or r.environment = :environment)
    and r.process_name like :process_name escape '\'
)
select environment, process_name, slot, local_time, timezone, state, reasons, run_id, run_status, start_time, end_time,
  date_diff('millisecond', slot, start_time) as late_by_ms
from slots
union all
select environment, process_name, null, null, null, 'unscheduled', null, run_id, status, start_time, end_time, null
from others
order by environment, process_name, slot nulls last, start_time nulls last, run_id
