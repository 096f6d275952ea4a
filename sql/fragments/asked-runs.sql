-- The runs a question is about: of an environment, an owner and a pattern of pipelines, begun since a moment.
asked_runs as (
  select *,
    coalesce(start_time, queued_at, first_event_at) as began_at,
    case when end_time is not null then duration_ms else date_diff('millisecond', start_time, :now) end as elapsed_ms
  from current_runs
  where run_date >= cast({{asked_from}} as date)
    and coalesce(start_time, queued_at, first_event_at) >= {{asked_from}}
    and (:environment = '' or environment = :environment)
    and (:owner = '' or owner = :owner)
    and process_name like :process_name escape '\'
)
