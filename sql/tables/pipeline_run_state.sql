-- Re-derives the runs that the given objects touched. A row follows its run when the run turns out to have begun on another day.
merge into pipeline_run_state as t
using (
  with {{units}},
  {{edges}},
  shown as (
    select *
    from edged
    where path is null
  ),
  -- Each event stands twice: for its unit of work, and for its run. Events that describe their run alike are one row of it.
  told as (
    select
      e.environment, e.process_name, e.run_id,
      case when k.of_run then 'run' else u.unit end as unit,
      case when not k.of_run then e.step_name end as step_name,
      case when not k.of_run then u.place end as step_index,
      case when not k.of_run then e.map_index end as map_index,
      case when not k.of_run then e.run_attempt end as run_attempt,
      case when not k.of_run then e.attempt end as attempt,
      u.opened, coalesce(u.opened, u.highest_attempt) as shown_attempt, u.run_since, u.is_edge_in, u.is_edge_out,
      e.event_type, e.status, e.event_time, e.event_id, e.reporter, e.start_time, e.lease_ms, e.memory_used_bytes,
      e.duration_ms, {{for name in sums}}e.{{name}}{{end}},
      case when not k.of_run then e.told_start end as told_start,
      case when not k.of_run then e.told_end end as told_end,
      case when not k.of_run then e.error end as error,
      not k.of_run and e.is_start as is_start,
      not k.of_run and e.is_end as is_end,
      e.event_type = 'ERROR' or (e.is_end and e.step_name is not null and coalesce(e.status = 'FAILED', e.error is not null)) as is_failure,
      case when k.of_run then e.sources end as sources,
      case when k.of_run then e.targets end as targets,
      {{for name in descriptors}}case when k.of_run then e.{{name}} end as {{name}}{{end}}
    from {{unit_events}}
    cross join (values (false), (true)) as k (of_run)
    where k.of_run
      or u.unit <> 'superseded'
  ),
  works as (
    select
      environment, process_name, run_id, unit, step_name, step_index, map_index, run_attempt, attempt,
      {{for name in descriptors}}{{name}}{{end}}, sources, targets,
      max(opened) as opened,
      max(shown_attempt) as shown_attempt,
      max(run_since) as run_since,
      max(is_edge_in) as is_edge_in,
      max(is_edge_out) as is_edge_out,
      {{facts}},
      {{run_facts}}
    from told
    group by environment, process_name, run_id, unit, step_name, step_index, map_index, run_attempt, attempt,
      {{for name in descriptors}}{{name}}{{end}}, sources, targets
  ),
  {{judged}},
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
