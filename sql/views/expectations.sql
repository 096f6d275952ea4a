-- Every slot of every schedule, and each run that filled it: a slot without a run has one row, without a run.
with typed as (
  select dt,
    try_cast(try(json_parse(line)) as row(
      environment varchar, process_name varchar, slot varchar, local_time varchar, timezone varchar, state varchar,
      reasons varchar, run_id varchar, recorded_at varchar
    )) as r
  from slot_lines
)
select
  r.environment, r.process_name,
  try_cast(concat(substr(r.slot, 1, 10), ' ', substr(r.slot, 12, 12)) as timestamp(6)) as slot,
  dt as slot_on,
  r.local_time, r.timezone, r.state, r.reasons, r.run_id,
  runs.status as run_status,
  runs.start_time,
  runs.end_time,
  try_cast(concat(substr(r.recorded_at, 1, 10), ' ', substr(r.recorded_at, 12, 12)) as timestamp(6)) as recorded_at
from typed
left join current_runs as runs
  on runs.environment = r.environment
  and runs.process_name = r.process_name
  and runs.run_id = r.run_id
where r.slot is not null
