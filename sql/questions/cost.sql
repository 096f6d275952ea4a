-- What runs cost by the prices of prices.yaml: by run, pipeline, owner or day, and why where that is unknown.
with {{asked_runs}},
{{run_costs}},
grouped as (
  select
    environment,
    case when :by in ('run', 'pipeline', 'day') then process_name end as process_name,
    case when :by = 'run' then run_id end as run_id,
    case when :by in ('run', 'owner') then owner end as owner,
    case when :by in ('run', 'day') then run_date end as day,
    cost, currency, unknown_because
  from run_costs
)
select
  environment, process_name, run_id, owner, day,
  cast(count(*) as bigint) as runs,
  cast(count(cost) as bigint) as priced_runs,
  cast(sum(cast(cost * 1000000e0 as decimal(38, 0))) as double) / 1000000e0 as cost,
  cast(sum(cast(cost * 1000000e0 as decimal(38, 0))) as double) / 1000000e0 / nullif(cast(count(cost) as double), 0e0)
    as cost_per_run,
  max(currency) as currency,
  min(unknown_because) as unknown_because
from grouped
group by environment, process_name, run_id, owner, day
order by cost desc nulls last, day desc nulls last, environment, process_name, run_id, owner nulls last
limit :limit
