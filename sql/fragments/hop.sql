-- What is reached in so many hops: what was before, and what the farthest of it leads to.
hop_{{hop}} as (
  select direction, environment, path, min(depth) as depth
  from (
    select h.direction, h.environment,
      case step.n when 0 then h.path else w.there end as path,
      h.depth + step.n as depth
    from hop_{{hop_before}} as h
    left join ways as w
      on w.direction = h.direction
      and w.environment = h.environment
      and w.here = h.path
      and h.depth = {{hop_before}}
      and h.depth + 1 < :depth
    cross join (values (0), (1)) as step (n)
  ) as reached
  where path is not null
  group by direction, environment, path
)
