-- Re-derives the steps of the runs that the given objects touched. A step that turned out to be another one goes.
merge into pipeline_step_state as t
using (
  with {{events}},
  {{steps}},
  {{runs}},
  shown as (
    select
      s.environment, s.process_name, s.run_id, cast(r.start_time as date) as run_date,
      s.step_name, s.step_index, s.run_attempt, s.attempt,
      case
        when s.word in ({{ended}}) then s.word
        when r.status not in ({{ended}}) then s.word
        when s.first_error is not null and r.status not in ({{ended_well}}) then 'FAILED'
        else 'ABANDONED'
      end as status,
      s.start_time,
      case when s.word in ({{ended}}) then s.last_end end as end_time,
      case
        when s.word not in ({{ended}}) then null
        when s.reported_duration_ms is not null then s.reported_duration_ms
        when s.last_end >= s.start_time then date_diff('millisecond', s.start_time, s.last_end)
      end as duration_ms,
      s.records_in, s.records_out, s.data_size_bytes_in, s.data_size_bytes_out,
      nullif(s.first_error[3], '') as error_code,
      nullif(s.first_error[4], '') as error_message,
      case s.first_error[5] when 'true' then true when 'false' then false end as error_retryable,
      false as gone
    from steps as s
    join runs as r
      on r.environment = s.environment
      and r.process_name = s.process_name
      and r.run_id = s.run_id
    where cast(r.start_time as date) >= :from
      and cast(r.start_time as date) < :before
  )
  select {{pipeline_step_state.columns}}, gone
  from shown
  union all
  select environment, process_name, run_id, null, step_name, null, null, null, null, null, null, null, null, null, null,
    null, null, null, null, true
  from step_names
  where unindexed
    and indexes = 1
) as s
on t.environment = s.environment
  and t.process_name = s.process_name
  and t.run_id = s.run_id
  and t.step_name = s.step_name
  and t.step_index is not distinct from s.step_index
  and t.run_date in (:run_dates)
when matched and s.gone then delete
when matched and ({{pipeline_step_state.differs}}) then update set {{pipeline_step_state.assignments}}
when not matched and not s.gone then insert ({{pipeline_step_state.columns}})
  values ({{pipeline_step_state.source_columns}})
