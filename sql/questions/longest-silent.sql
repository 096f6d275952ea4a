-- Which pipelines have been silent longest, beside how often they usually run.
with {{asked_runs}},
spaced as (
  select *,
    date_diff(
      'millisecond',
      lag(began_at) over (partition by environment, process_name order by began_at, run_id),
      began_at
    ) as gap_ms
  from asked_runs
),
ranked as (
  select *,
    row_number() over (partition by environment, process_name order by gap_ms nulls last, run_id) as place,
    count(gap_ms) over (partition by environment, process_name) as measured,
    row_number() over (partition by environment, process_name order by began_at desc, run_id desc) as recency
  from spaced
),
silent as (
  select environment, process_name,
    max(last_event_at) as last_event_at,
    max(case when recency = 1 then run_id end) as last_run_id,
    max(case when recency = 1 then status end) as last_status,
    count(*) as runs,
    min(gap_ms) filter (where place * 2 >= measured and gap_ms is not null) as usual_gap_ms
  from ranked
  group by environment, process_name
)
select environment, process_name, last_event_at,
  date_diff('millisecond', last_event_at, :now) as silent_ms,
  usual_gap_ms,
  cast(date_diff('millisecond', last_event_at, :now) as double) / nullif(cast(usual_gap_ms as double), 0e0) as times_usual,
  last_run_id, last_status,
  cast(runs as bigint) as runs
from silent
where last_event_at <= :now
order by silent_ms desc, environment, process_name
