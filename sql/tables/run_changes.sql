-- Writes down what became of runs since it was last written down, each change under the next number.
-- What stands here is compared with the run table, so that a turn that is repeated, or was killed between the two, writes
-- no change twice.
merge into run_changes as t
using (
  with last_known as (
    select *
    from (
      select *,
        row_number() over (partition by environment, process_name, run_id order by number desc) as newest
      from run_changes
      where {{in_days}}
    ) as ranked
    where newest = 1
      and kind <> 'deleted'
  ),
  differing as (
    select
      case when l.run_id is null then 'created' when s.run_id is null then 'deleted' else 'changed' end as kind,
      coalesce(s.environment, l.environment) as environment,
      coalesce(s.process_name, l.process_name) as process_name,
      coalesce(s.run_id, l.run_id) as run_id,
      coalesce(s.run_date, l.run_date) as run_date,
      l.status as status_before,
      case when l.run_id is not null and s.run_id is not null then substr(concat({{names_of_changed}}), 2) end as changed_columns,
      case when l.run_id is not null then concat('{', substr(concat({{json_before}}), 2), '}') end as row_before,
      {{columns_after}}
    from (
      select *
      from pipeline_run_state
      where {{in_days}}
    ) as s
    {{join}} join last_known as l
      on l.environment = s.environment
      and l.process_name = s.process_name
      and l.run_id = s.run_id
    where l.run_id is null
      or s.run_id is null
      or {{row_differs}}
  )
  select
    coalesce((select max(number) from run_changes where number > :known_number), :known_number)
      + row_number() over (order by last_event_at nulls last, environment, process_name, run_id) as number,
    :now as changed_at, {{named_columns}}
  from differing
  where run_date >= :from
    and run_date < :before
) as s
on t.number = s.number
  and {{target_in_days}}
when not matched then insert ({{run_changes.columns}})
  values ({{run_changes.source_columns}})
