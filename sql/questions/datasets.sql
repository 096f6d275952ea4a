-- Tables and files that runs read or wrote, those written last first.
select
  path,
  max(dataset_type) as dataset_type,
  count(distinct case when direction = 'write' then process_name end) as writers,
  count(distinct case when direction = 'read' then process_name end) as readers,
  max(written_at) as last_written_at,
  max(run_date) as last_used_on
from run_reads_writes
where path like :path escape '\'
  and run_date >= cast(:since as date)
group by path
order by last_written_at desc nulls last, path
limit :limit
