-- How well runs used the steps they ran at once: the work of their steps against their duration, the latest first.
with {{asked_runs}},
latest as (
  select environment, process_name, run_id, run_date, status, began_at, duration_ms
  from asked_runs
  where duration_ms > 0
  order by began_at desc, environment, process_name, run_id
  limit :limit
),
worked as (
  select r.environment, r.process_name, r.run_id, s.step_name, s.start_time, s.end_time,
    date_diff('millisecond', s.start_time, s.end_time) as work_ms
  from latest as r
  join pipeline_steps as s
    on s.environment = r.environment
    and s.process_name = r.process_name
    and s.run_id = r.run_id
    and s.run_date = r.run_date
  where s.run_date >= cast(:since as date)
    and s.end_time >= s.start_time
),
changes as (
  select w.environment, w.process_name, w.run_id, w.work_ms,
    case c.change when 1 then w.start_time else w.end_time end as moment,
    c.change
  from worked as w
  cross join (values (1), (-1)) as c (change)
),
swept as (
  select *,
    sum(cast(change as bigint)) over (
      partition by environment, process_name, run_id
      order by moment, change
      rows between unbounded preceding and current row
    ) as at_once
  from changes
),
measured as (
  select environment, process_name, run_id,
    count(*) filter (where change = 1) as steps,
    sum(cast(case when change = 1 then work_ms end as decimal(38, 0))) as work_ms,
    max(at_once) as most_at_once
  from swept
  group by environment, process_name, run_id
)
select r.environment, r.process_name, r.run_id,
  r.began_at as start_time,
  r.status, r.duration_ms,
  cast(m.steps as bigint) as steps,
  cast(m.work_ms as bigint) as work_ms,
  cast(m.most_at_once as bigint) as most_at_once,
  cast(m.work_ms as double) / cast(r.duration_ms as double) as speedup,
  cast(m.work_ms as double) / nullif(cast(r.duration_ms as double) * cast(m.most_at_once as double), 0e0) as efficiency
from latest as r
join measured as m
  on m.environment = r.environment
  and m.process_name = r.process_name
  and m.run_id = r.run_id
order by r.began_at desc, r.environment, r.process_name, r.run_id
