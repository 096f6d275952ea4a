-- What leads to a table and what it leads to, over as many runs as asked: each edge once, whatever cycles there are.
with {{known_edges}},
ways as (
  select distinct 'down' as direction, environment, source_path as here, target_path as there
  from known_edges
  where :direction in ('down', 'both')
  union all
  select distinct 'up' as direction, environment, target_path as here, source_path as there
  from known_edges
  where :direction in ('up', 'both')
),
hop_0 as (
  select distinct direction, environment, here as path, 0 as depth
  from ways
  where here like :table escape '\'
),
{{hops}}
select
  h.direction,
  cast(h.depth + 1 as bigint) as depth,
  e.environment, e.source_path, e.target_path, e.process_name,
  cast(e.runs as bigint) as runs,
  e.last_written_at
from hop_last as h
join known_edges as e
  on e.environment = h.environment
  and case h.direction when 'down' then e.source_path else e.target_path end = h.path
where h.depth < :depth
order by h.direction, h.depth, e.environment, e.source_path, e.target_path, e.process_name
limit :limit
