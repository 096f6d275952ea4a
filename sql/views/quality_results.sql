-- Every result of a data-quality check.
select
  l.environment, l.process_name, l.run_id, l.step_name, l.event_time, l.event_date,
  u.dataset, u.check_name, u.success, u.severity, u.expected, u.actual, u.records_checked, u.records_failed
from pipeline_logs as l
{{unnest.quality}}
