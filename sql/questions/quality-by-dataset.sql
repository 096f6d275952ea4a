-- How the quality of each dataset went, day by day: the score is the share of its checks that passed.
with {{asked_runs}}
select
  q.environment, q.dataset, q.event_date as day,
  cast(count(*) as bigint) as checks,
  cast(count(*) filter (where not q.success) as bigint) as failed_checks,
  cast(count(*) filter (where q.success) as double)
    / nullif(cast(count(*) filter (where q.success is not null) as double), 0e0) as quality_score,
  case
    when sum(cast(q.records_checked as decimal(38, 0))) <= {{max_integer}}
      then cast(sum(cast(q.records_checked as decimal(38, 0))) as bigint)
  end as records_checked,
  case
    when sum(cast(q.records_failed as decimal(38, 0))) <= {{max_integer}}
      then cast(sum(cast(q.records_failed as decimal(38, 0))) as bigint)
  end as records_failed,
  (max(row(q.event_time, q.run_id, q.check_name)) filter (where not q.success and q.check_name is not null))[3]
    as last_failed_check,
  (max(row(q.event_time, q.run_id)) filter (where q.event_time is not null))[2] as last_run_id
from quality_results as q
join asked_runs as r
  on r.environment = q.environment
  and r.process_name = q.process_name
  and r.run_id = q.run_id
where q.event_date >= cast(:since as date)
  and q.dataset like :dataset escape '\'
group by q.environment, q.dataset, q.event_date
order by q.environment, q.dataset, q.event_date
