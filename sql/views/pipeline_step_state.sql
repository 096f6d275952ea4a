-- Every step with its status as the clock sees its run now.
select
  s.environment, s.process_name, s.run_id, s.run_date, s.step_name, s.step_index, s.map_index, s.run_attempt, s.attempt,
  {{step_status}} as status,
  s.start_time, s.end_time, s.duration_ms, s.records_in, s.records_out, s.data_size_bytes_in, s.data_size_bytes_out,
  s.error_code, s.error_message, s.error_retryable
from pipeline_steps as s
left join current_runs as r
  on r.environment = s.environment
  and r.process_name = s.process_name
  and r.run_id = s.run_id
  and r.run_date = s.run_date
