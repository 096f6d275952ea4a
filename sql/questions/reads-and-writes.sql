-- What runs read and wrote, the latest first.
with {{asked_runs}}
select
  w.environment, w.process_name, w.run_id,
  r.began_at as start_time,
  r.status, w.direction, w.dataset_type, w.path, w.written_at
from run_reads_writes as w
join asked_runs as r
  on r.environment = w.environment
  and r.process_name = w.process_name
  and r.run_id = w.run_id
  and r.run_date = w.run_date
where w.run_date >= cast(:since as date)
  and w.path like :path escape '\'
order by r.began_at desc, w.environment, w.process_name, w.run_id, w.direction, w.path, w.dataset_type nulls last
limit :limit
