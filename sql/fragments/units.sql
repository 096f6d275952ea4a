-- The attempts of the runs that the given objects touched, and the tries of their steps, each with its unit of work.
-- That is the shown attempt of a run, or the shown try of a step. It takes few columns of the log.
touched as (
  select distinct environment, process_name, run_id
  from pipeline_logs
  where event_date in (:event_dates)
    and object in (:objects)
),
tries as (
  select e.environment, e.process_name, e.run_id, e.run_attempt, e.step_name, e.step_index, e.map_index, e.attempt,
    max(case when e.step_name is null and (e.is_start or e.is_end) then e.run_attempt end) as opens,
    min(e.told_start) as first_start,
    max(e.told_start) as last_start,
    min(e.told_end) as first_end,
    flatten(array_agg(e.paths) filter (where e.paths is not null)) as paths
  from (
    {{events}}
  ) as e
  join touched as t
    on t.environment = e.environment
    and t.process_name = e.process_name
    and t.run_id = e.run_id
  group by e.environment, e.process_name, e.run_id, e.run_attempt, e.step_name, e.step_index, e.map_index, e.attempt
),
placed as (
  select *,
    coalesce(step_index, case when least_index = greatest_index then greatest_index end) as place,
    case when least_index = greatest_index then has_unindexed else 0 end as unindexed
  from (
    select *,
      min(step_index) over (partition by environment, process_name, run_id, step_name, map_index) as least_index,
      max(step_index) over (partition by environment, process_name, run_id, step_name, map_index) as greatest_index,
      max(case when step_name is not null and step_index is null then 1 else 0 end)
        over (partition by environment, process_name, run_id, step_name, map_index) as has_unindexed,
      max(opens) over (partition by environment, process_name, run_id) as opened,
      max(run_attempt) over (partition by environment, process_name, run_id) as highest_attempt
    from tries
  ) as known
),
ranked as (
  select *,
    rank() over (
      partition by environment, process_name, run_id, place, map_index, step_name
      order by run_attempt desc, attempt desc
    ) as try_rank
  from placed
),
units as (
  select *,
    case
      when step_name is not null and try_rank = 1 then 'step'
      when step_name is null and run_attempt = coalesce(opened, highest_attempt) then 'attempt'
      else 'superseded'
    end as unit
  from ranked
)
