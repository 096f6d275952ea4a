-- Re-derives the steps of the runs that the given objects touched. A step that turned out to be another one goes.
merge into pipeline_steps as t
using (
  with {{events}},
  {{units}},
  {{works}},
  {{runs}},
  shown as (
    select
      environment, process_name, run_id, run_date, step_name, step_index, map_index, run_attempt, attempt,
      case
        when word in ({{ended}}) or run_status not in ({{ended}}) then word
        when error is not null and run_status not in ({{ended_well}}) then 'FAILED'
        else 'ABANDONED'
      end as status,
      told_start as start_time,
      case when word in ({{ended}}) then last_end end as end_time,
      case
        when word not in ({{ended}}) then null
        when reported_duration_ms is not null then reported_duration_ms
        when last_end >= told_start then date_diff('millisecond', told_start, last_end)
      end as duration_ms,
      {{for name in sums}}case when coalesce(told_{{name}}[1] >= since, true) then told_{{name}}[3] end as {{name}}{{end}},
      nullif(error[3], '') as error_code,
      nullif(error[4], '') as error_message,
      case error[5] when 'true' then true when 'false' then false end as error_retryable,
      unindexed
    from runs
    where unit = 'step'
      and run_date >= :from
      and run_date < :before
  )
  -- A step that was named without its index stood as a step of its own, until its index became known.
  select {{shown_step_columns}}, copy.gone
  from shown as s
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
