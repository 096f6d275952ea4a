-- Runs since a moment, as far as the proposal of a first file asks, the latest first.
select environment, process_name, start_time, duration_ms, status
from current_runs
where run_date >= cast(substr(:since, 1, 10) as date)
  and start_time is not null
  and coalesce(run_mode, '') <> 'backfill'
order by start_time desc
limit :limit
