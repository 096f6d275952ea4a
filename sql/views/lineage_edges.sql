-- Which run made which target from which source. Every source a run read leads to every target it wrote.
with sources as (
  select distinct l.environment, l.process_name, l.run_id, u.type, u.path
  from pipeline_logs as l
  {{unnest.input_sources}}
  where u.path is not null
),
targets as (
  select l.environment, l.process_name, l.run_id, u.type, u.path, max(l.event_time) as written_at
  from pipeline_logs as l
  {{unnest.output_targets}}
  where u.path is not null
  group by l.environment, l.process_name, l.run_id, u.type, u.path
)
select
  t.environment, t.process_name, t.run_id,
  s.type as source_type, s.path as source_path,
  t.type as target_type, t.path as target_path,
  t.written_at
from targets as t
join sources as s
  on s.environment = t.environment
  and s.process_name = t.process_name
  and s.run_id = t.run_id
