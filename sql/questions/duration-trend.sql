-- How long each run took and how much it wrote, beside what good runs of that weekday usually do before it.
with known as (
  select *,
    coalesce(start_time, queued_at, first_event_at) as began_at,
    coalesce(records_out, records_in) as records,
    day_of_week(coalesce(scheduled_for, start_time, queued_at, first_event_at)) as weekday,
    case
      when status = 'SUCCESS'
        and run_mode is distinct from 'backfill'
        and start_time is not null
        and coalesce(date_diff('millisecond', scheduled_for, start_time) <= {{backfill_ms}}, true)
        then 1
      else 0
    end as good
  from current_runs
  where run_date >= cast(:since - interval '210' day as date)
    and (:environment = '' or environment = :environment)
    and (:owner = '' or owner = :owner)
    and process_name like :process_name escape '\'
),
counted as (
  select *,
    coalesce(sum(cast(good as bigint)) over (
      partition by environment, process_name, weekday
      order by began_at, run_id
      rows between unbounded preceding and 1 preceding
    ), 0) as good_before
  from known
),
shown as (
  select *
  from counted
  where began_at >= :since
  order by began_at desc, environment, process_name, run_id
  limit :limit
),
backs as (
  select tens.n * 10 + ones.n + 1 as back
  from (values (0), (1), (2)) as tens (n)
  cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) as ones (n)
),
samples as (
  select r.environment, r.process_name, r.run_id, m.measure,
    case m.measure when 'duration' then g.duration_ms else g.records end as value
  from (select environment, process_name, run_id, weekday, good_before, back from shown cross join backs) as r
  join counted as g
    on g.environment = r.environment
    and g.process_name = r.process_name
    and g.weekday = r.weekday
    and g.good_before = r.good_before - r.back
    and g.good = 1
  cross join (values ('duration'), ('records')) as m (measure)
  where case m.measure when 'duration' then g.duration_ms else g.records end is not null
),
ranked as (
  select *,
    row_number() over (partition by environment, process_name, run_id, measure order by value) as place,
    count(*) over (partition by environment, process_name, run_id, measure) as sampled
  from samples
),
centred as (
  select *,
    avg(case when place * 2 between sampled and sampled + 2 then cast(value as double) end)
      over (partition by environment, process_name, run_id, measure) as median
  from ranked
),
deviating as (
  select *,
    abs(cast(value as double) - median) as deviation,
    row_number() over (
      partition by environment, process_name, run_id, measure
      order by abs(cast(value as double) - median)
    ) as far
  from centred
),
usual as (
  select environment, process_name, run_id, measure, sampled, median,
    avg(deviation) filter (where far * 2 between sampled and sampled + 2) as mad,
    case measure when 'duration' then 10000e0 else 1e0 end as floor_one,
    case measure when 'duration' then 0.05e0 else 0.01e0 end * median as floor_two
  from deviating
  group by environment, process_name, run_id, measure, sampled, median
),
banded as (
  select environment, process_name, run_id, measure, sampled, median,
    {{deviations}} * case
      when mad >= floor_one and mad >= floor_two then mad
      when floor_one >= floor_two then floor_one
      else floor_two
    end as width
  from usual
  where sampled >= {{minimum_runs}}
)
select
  r.environment, r.process_name, r.run_id, r.began_at as start_time, r.status, r.duration_ms,
  r.records_in, r.records_out, r.data_size_bytes_in, r.data_size_bytes_out,
  cast(floor(case when d.width > d.median then 0e0 else d.median - d.width end + 0.5e0) as bigint) as expected_low_ms,
  case when d.median < {{max_integer}} then cast(floor(d.median + 0.5e0) as bigint) end as expected_mid_ms,
  case when d.median + d.width < {{max_integer}} then cast(floor(d.median + d.width + 0.5e0) as bigint) end as expected_high_ms,
  cast(floor(case when c.width > c.median then 0e0 else c.median - c.width end + 0.5e0) as bigint) as expected_low_records,
  case when c.median < {{max_integer}} then cast(floor(c.median + 0.5e0) as bigint) end as expected_mid_records,
  case when c.median + c.width < {{max_integer}} then cast(floor(c.median + c.width + 0.5e0) as bigint) end as expected_high_records,
  d.sampled as usual_runs
from shown as r
left join banded as d
  on d.environment = r.environment
  and d.process_name = r.process_name
  and d.run_id = r.run_id
  and d.measure = 'duration'
left join banded as c
  on c.environment = r.environment
  and c.process_name = r.process_name
  and c.run_id = r.run_id
  and c.measure = 'records'
order by r.began_at, r.environment, r.process_name, r.run_id
