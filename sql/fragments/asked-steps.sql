-- The steps of the runs a question is about, each with its status as the clock sees its run now.
asked_steps as (
  select
    s.environment, s.process_name, s.run_id, s.run_date, s.step_name, s.step_index, s.map_index, s.run_attempt, s.attempt,
    {{step_status}} as status,
    s.start_time, s.end_time, s.duration_ms, s.records_in, s.records_out, s.error_code, r.began_at
  from pipeline_steps as s
  join asked_runs as r
    on r.environment = s.environment
    and r.process_name = s.process_name
    and r.run_id = s.run_id
    and r.run_date = s.run_date
  where s.run_date >= cast({{asked_from}} as date)
)
