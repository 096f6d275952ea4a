-- Re-derives the steps of the runs that the given objects touched. A step that turned out to be another one goes.
-- The rows of those runs are derived before.
merge into pipeline_steps as t
using (
  with {{units}},
  shown as (
    select *
    from units
    where unit = 'step'
  ),
  works as (
    select
      environment, process_name, run_id, unit, step_name, step_index, map_index, run_attempt, attempt,
      max(unindexed) as unindexed,
      {{facts}}
    from (
      select
        e.environment, e.process_name, e.run_id, u.unit, e.step_name, u.place as step_index, e.map_index, e.run_attempt, e.attempt,
        u.unindexed, e.event_type, e.status, e.event_time, e.event_id, e.reporter, e.start_time, e.told_start, e.told_end,
        e.duration_ms, {{for name in sums}}e.{{name}}{{end}},
        e.error, e.is_start, e.is_end
      from {{unit_events}}
    ) as told
    group by environment, process_name, run_id, unit, step_name, step_index, map_index, run_attempt, attempt
  ),
  {{judged}},
  steps as (
    select
      j.environment, j.process_name, j.run_id, r.run_date, j.step_name, j.step_index, j.map_index, j.run_attempt, j.attempt,
      case
        when j.word in ({{ended}}) or r.status not in ({{ended}}) then j.word
        when j.error is not null and r.status not in ({{ended_well}}) then 'FAILED'
        else 'ABANDONED'
      end as status,
      j.told_start as start_time,
      case when j.word in ({{ended}}) then j.last_end end as end_time,
      case
        when j.word not in ({{ended}}) then null
        when j.reported_duration_ms is not null then j.reported_duration_ms
        when j.last_end >= j.told_start then date_diff('millisecond', j.told_start, j.last_end)
      end as duration_ms,
      {{for name in sums}}case when coalesce(j.told_{{name}}[1] >= j.since, true) then j.told_{{name}}[3] end as {{name}}{{end}},
      nullif(j.error[3], '') as error_code,
      nullif(j.error[4], '') as error_message,
      case j.error[5] when 'true' then true when 'false' then false end as error_retryable,
      j.unindexed
    from judged as j
    join pipeline_run_state as r
      on r.environment = j.environment
      and r.process_name = j.process_name
      and r.run_id = j.run_id
      and r.run_date in (:run_dates)
    where r.run_date >= :from
      and r.run_date < :before
  )
  -- A step that was named without its index stood as a step of its own, until its index became known.
  select {{shown_step_columns}}, copy.gone
  from steps as s
  cross join (values (false), (true)) as copy (gone)
  where not copy.gone
    or (s.unindexed = 1 and s.step_index is not null)
) as s
on t.environment = s.environment
  and t.process_name = s.process_name
  and t.run_id = s.run_id
  and t.step_name = s.step_name
  and t.step_index is not distinct from s.step_index
  and t.map_index is not distinct from s.map_index
  and t.run_date in (:run_dates)
when matched and s.gone then delete
when matched and ({{pipeline_steps.differs}}) then update set {{pipeline_steps.assignments}}
when not matched and not s.gone then insert ({{pipeline_steps.columns}})
  values ({{pipeline_steps.source_columns}})
