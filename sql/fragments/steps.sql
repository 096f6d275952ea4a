-- Every step at its highest try. A step that names no index is the step of that name, when only one index bears it.
step_names as (
  select environment, process_name, run_id, step_name,
    count(distinct step_index) as indexes,
    max(step_index) as only_index,
    bool_or(step_index is null) as unindexed
  from events
  where step_name is not null
  group by environment, process_name, run_id, step_name
),
indexed as (
  select e.*, coalesce(e.step_index, case when n.indexes = 1 then n.only_index end) as shown_index
  from events as e
  join step_names as n
    on n.environment = e.environment
    and n.process_name = e.process_name
    and n.run_id = e.run_id
    and n.step_name = e.step_name
),
ranked as (
  select *,
    rank() over (
      partition by environment, process_name, run_id, shown_index, step_name
      order by run_attempt desc, attempt desc
    ) as try_rank
  from indexed
),
step_work as (
  select environment, process_name, run_id, step_name, shown_index as step_index, run_attempt, attempt,
{{work}}
  from ranked
  where try_rank = 1
  group by environment, process_name, run_id, step_name, shown_index, run_attempt, attempt
),
step_words as (
  select *,
{{counted}}
  from step_work
),
steps as (
  select *,
    coalesce(
{{word}}
    , 'RUNNING') as word,
    coalesce(least_start_time, first_event_at) as start_time
  from step_words
)
