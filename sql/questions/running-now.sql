-- What is running now. A run that has ended is not, whatever arrives after its end.
select environment, process_name, run_id, status, start_time, running_for_ms, is_late, cluster_id
from active_runs
order by start_time, environment, process_name, run_id
