-- How one pipeline did on one day.
select total_runs, success_count, failure_count, p50_duration_sec, p95_duration_sec, total_records_processed
from job_metrics
where environment = :environment
  and process_name = :process_name
  and run_date in (:days)
