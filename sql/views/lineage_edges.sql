-- Which run made which target from which source. Every source a run read leads to every target it wrote.
select
  r.environment, r.process_name, r.run_id, r.run_date,
  nullif(s.type, '') as source_type, s.path as source_path,
  nullif(t.type, '') as target_type, t.path as target_path,
  t.written_at
from pipeline_run_state as r
{{unnest.run_sources}}
{{unnest.run_targets}}
