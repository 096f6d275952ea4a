-- Re-derives the runs that the given objects touched. A row follows its run when the run turns out to have begun on another day.
merge into pipeline_run_state as t
using (
  with {{events}},
  {{units}},
  {{works}},
  {{runs}}
  select *
  from (
    {{run_state}}
  ) as derived
  where run_date >= :from
    and run_date < :before
) as s
on t.environment = s.environment
  and t.process_name = s.process_name
  and t.run_id = s.run_id
  and t.run_date in (:run_dates)
when matched and ({{pipeline_run_state.differs}}) then update set {{pipeline_run_state.assignments}}
when not matched then insert ({{pipeline_run_state.columns}})
  values ({{pipeline_run_state.source_columns}})
