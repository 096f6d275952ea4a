-- How far each pipeline's data has come: the end of the latest interval a successful run covered.
select
  environment, process_name,
  max(data_interval_end) filter (where status = 'SUCCESS') as data_until,
  max(end_time) filter (where status = 'SUCCESS') as last_success_at,
  (max(row(end_time, run_id)) filter (where status = 'SUCCESS' and end_time is not null))[2] as last_success_run_id,
  max(start_time) as last_start_at
from pipeline_run_state
group by environment, process_name
