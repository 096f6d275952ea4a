-- What is stale if a pipeline is late: the tables made from what it writes, and the pipelines that read any of these.
with {{known_edges}},
ways as (
  select distinct 'down' as direction, environment, source_path as here, target_path as there
  from known_edges
),
touched as (
  select environment, process_name, direction, path, max(written_at) as last_written_at
  from run_reads_writes
  where run_date >= cast(:since as date)
    and (:environment = '' or environment = :environment)
  group by environment, process_name, direction, path
),
hop_0 as (
  select distinct 'down' as direction, environment, path, 0 as depth
  from touched
  where direction = 'write'
    and process_name like :process_name escape '\'
),
{{hops}}
select
  h.environment,
  case t.direction when 'write' then 'table' else 'pipeline' end as kind,
  case t.direction when 'write' then t.path else t.process_name end as name,
  cast(min(h.depth + 1) as bigint) as depth,
  (min(row(h.depth, case t.direction when 'write' then t.process_name else t.path end)))[2] as through,
  max(t.last_written_at) as last_written_at
from hop_last as h
join touched as t
  on t.environment = h.environment
  and t.path = h.path
where h.depth < :depth
  and (t.direction = 'write' or not t.process_name like :process_name escape '\')
group by h.environment, t.direction, case t.direction when 'write' then t.path else t.process_name end
order by depth, kind desc, h.environment, name
limit :limit
