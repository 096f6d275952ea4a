-- The events of a run, in the order in which they happened. Nested values are JSON text.
select
  event_key, event_time, received_at, environment, process_name, run_id, event_type, step_name, step_index, map_index,
  status, run_attempt, attempt, start_time, end_time, duration_ms, records_in, records_out, data_size_bytes_in,
  data_size_bytes_out, log_level, message,
  error.error_code as error_code, error.message as error_message, error.root_cause as root_cause,
  error.stack_trace as stack_trace, error.retryable as error_retryable,
  json_format(cast(metrics as json)) as metrics,
  json_format(cast(params as json)) as params,
  json_format(cast(tags as json)) as tags,
  json_format(cast(planned_steps as json)) as planned_steps,
  json_format(cast(quality as json)) as quality,
  coalesce(reporter, 'producer') as reporter, producer.name as producer_name, producer.seq as producer_seq, extra
from pipeline_logs
where event_date between cast(:since as date) and cast(:until as date)
  and event_time >= :since
  and event_time < :until
  and environment like :environment escape '\'
  and process_name like :process_name escape '\'
  and run_id = :run_id
  and (:step = '%' or step_name like :step escape '\')
  and (:errors = '' or event_type = 'ERROR' or error.error_code is not null or error.message is not null
    or (event_type in ('RUN_END', 'STEP_END') and (status = 'FAILED' or status = 'TIMED_OUT')))
order by event_time, producer.seq nulls last, event_key
offset :skip
limit :limit
