-- The schemas of datasets as runs told them: one row for each field.
select
  l.environment, l.process_name, l.run_id, l.step_name, l.event_time, l.event_date,
  u.dataset, u.name as field, u.type as field_type, u.position
from pipeline_logs as l
{{unnest.dataset_fields}}
where u.dataset is not null
  and u.name is not null
