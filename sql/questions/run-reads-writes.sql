-- What the events of a run say that it read and wrote, an event a row. What one event names is a JSON array of datasets with their records and bytes.
select
  environment, process_name, run_id, step_name, event_time, event_type,
  json_format(cast(input_sources as json)) as read_datasets,
  json_format(cast(output_targets as json)) as written_datasets
from pipeline_logs
where event_date between cast(:since as date) and cast(:until as date)
  and environment like :environment escape '\'
  and process_name like :process_name escape '\'
  and run_id = :run_id
  and (input_sources is not null or output_targets is not null)
order by event_time, producer.seq nulls last, event_key
limit :limit
