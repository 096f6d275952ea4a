-- Every source that a run read, and every target that it wrote.
select
  r.environment, r.process_name, r.run_id, r.run_date,
  'read' as direction,
  nullif(s.type, '') as dataset_type, s.path,
  cast(null as timestamp(6)) as written_at
from pipeline_run_state as r
{{unnest.run_sources}}
union all
select
  r.environment, r.process_name, r.run_id, r.run_date,
  'write' as direction,
  nullif(t.type, '') as dataset_type, t.path,
  t.written_at
from pipeline_run_state as r
{{unnest.run_targets}}
