-- Runs that belong to a run: its parent, its root, its children, and the other runs of its slot.
with asked as (
  select environment, process_name, run_id, parent_run_id, root_run_id, scheduled_for
  from current_runs
  where environment like :environment escape '\'
    and process_name like :process_name escape '\'
    and run_id = :run_id
),
related as (
  select
    case
      when r.run_id = a.parent_run_id then 'parent'
      when r.run_id = a.root_run_id then 'root'
      when r.parent_run_id = a.run_id then 'child'
      when r.root_run_id = a.run_id then 'descendant'
      else 'same slot'
    end as relation,
    a.run_id as of_run_id,
    r.environment, r.process_name, r.run_id, r.run_attempt, r.status, r.scheduled_for, r.start_time, r.end_time,
    r.duration_ms, r.records_out, r.error_code, r.error_message, r.parent_run_id
  from asked as a
  join current_runs as r
    on r.environment = a.environment
    and (
      r.run_id in (a.parent_run_id, a.root_run_id)
      or r.parent_run_id = a.run_id
      or r.root_run_id = a.run_id
      or (r.process_name = a.process_name and r.scheduled_for = a.scheduled_for)
    )
  where r.run_id <> a.run_id
)
select
  relation, of_run_id, environment, process_name, run_id, run_attempt, status, scheduled_for, start_time, end_time,
  duration_ms, records_out, error_code, error_message, parent_run_id
from related
order by of_run_id, relation, start_time nulls last, process_name, run_id
limit :limit
