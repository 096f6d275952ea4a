-- Each event with the unit of work it belongs to: the shown attempt of its run, or the shown try of its step.
-- Windows, not joins: an engine that inlines these steps would read the log anew for each of them.
told as (
  select *,
    case when is_end then coalesce(end_time, event_time) end as told_end,
    case
      when is_start and coalesce(status, '') <> 'QUEUED' then coalesce(start_time, case when not is_untimed then event_time end)
      when is_end and start_time <= coalesce(end_time, event_time) then start_time
    end as told_start,
    min(step_index) over (partition by environment, process_name, run_id, step_name, map_index) as least_index,
    max(step_index) over (partition by environment, process_name, run_id, step_name, map_index) as greatest_index,
    max(case when step_name is not null and step_index is null then 1 else 0 end)
      over (partition by environment, process_name, run_id, step_name, map_index) as has_unindexed,
    max(case when step_name is null and (is_start or is_end) then run_attempt end)
      over (partition by environment, process_name, run_id) as opened,
    max(run_attempt) over (partition by environment, process_name, run_id) as highest_attempt
  from events
),
placed as (
  select *,
    coalesce(step_index, case when least_index = greatest_index then greatest_index end) as place,
    case when least_index = greatest_index then has_unindexed else 0 end as unindexed
  from told
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
