-- The results of the data-quality checks of a run, those that failed first.
select
  environment, process_name, run_id, step_name, event_time, dataset, check_name, success, severity, expected, actual,
  records_checked, records_failed
from quality_results
where event_date between cast(:since as date) and cast(:until as date)
  and environment like :environment escape '\'
  and process_name like :process_name escape '\'
  and run_id = :run_id
order by success, event_time, dataset, check_name, step_name
limit :limit
