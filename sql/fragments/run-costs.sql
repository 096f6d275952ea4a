-- What each run cost, as far as prices and what its events told allow; else null, and why.
prices (unit, name, price, currency) as (
  values :prices
),
told_usage as (
  select environment, process_name, run_id, step_name,
    coalesce(step_index, -1) as step_index,
    coalesce(map_index, -1) as map_index,
    max(coalesce(element_at(metrics, 'dpu_hours'), element_at(metrics, 'dpu_seconds') / 3600e0)) as dpu_hours,
    max(element_at(metrics, 'dbu')) as dbu,
    max(element_at(metrics, 'athena_scanned_bytes')) as athena_bytes
  from pipeline_logs
  where event_date >= cast({{asked_from}} as date)
    and coalesce(
      element_at(metrics, 'dpu_hours'),
      element_at(metrics, 'dpu_seconds'),
      element_at(metrics, 'dbu'),
      element_at(metrics, 'athena_scanned_bytes')
    ) is not null
  group by environment, process_name, run_id, step_name, coalesce(step_index, -1), coalesce(map_index, -1)
),
run_usage as (
  -- What the run told itself, else what its steps did, in millionths: a sum of doubles depends on their order.
  select environment, process_name, run_id,
    coalesce(max(dpu_hours) filter (where step_name is null),
      cast(sum(cast(dpu_hours * 1000000e0 as decimal(38, 0))) as double) / 1000000e0) as dpu_hours,
    coalesce(max(dbu) filter (where step_name is null),
      cast(sum(cast(dbu * 1000000e0 as decimal(38, 0))) as double) / 1000000e0) as dbu,
    coalesce(max(athena_bytes) filter (where step_name is null),
      cast(sum(cast(athena_bytes as decimal(38, 0))) as double)) as athena_bytes
  from told_usage
  where coalesce(dpu_hours, 0e0) between 0e0 and 1e12
    and coalesce(dbu, 0e0) between 0e0 and 1e12
    and coalesce(athena_bytes, 0e0) between 0e0 and 1e18
  group by environment, process_name, run_id
),
used as (
  select r.environment, r.process_name, r.run_id, r.run_date, r.began_at, r.owner, r.status, r.duration_ms,
    r.cluster_size,
    try_cast(nullif(regexp_extract(r.cluster_size, '^ *([0-9]{1,6}) *[xX×] *([^ ]+) *$', 1), '') as bigint) as nodes,
    nullif(regexp_extract(r.cluster_size, '^ *([0-9]{1,6}) *[xX×] *([^ ]+) *$', 2), '') as node_type,
    u.dpu_hours, u.dbu, u.athena_bytes
  from asked_runs as r
  left join run_usage as u
    on u.environment = r.environment
    and u.process_name = r.process_name
    and u.run_id = r.run_id
),
priced as (
  select u.*,
    cast(u.nodes as double) * cast(u.duration_ms as double) / 3600000e0 * n.price as node_cost,
    u.dpu_hours * dpu.price as dpu_cost,
    u.dbu * dbu.price as dbu_cost,
    u.athena_bytes / 1000000000000e0 * athena.price as athena_cost,
    n.price as node_price, dpu.price as dpu_price, dbu.price as dbu_price, athena.price as athena_price,
    coalesce(n.currency, dpu.currency, dbu.currency, athena.currency) as currency
  from used as u
  left join prices as n
    on n.unit = 'node_hour'
    and n.name = u.node_type
  left join prices as dpu
    on dpu.unit = 'dpu_hour'
  left join prices as dbu
    on dbu.unit = 'dbu'
  left join prices as athena
    on athena.unit = 'athena_tb'
),
reasoned as (
  select *,
    case
      when dpu_hours is not null and dpu_price is null then 'no price: dpu_hour'
      when dbu is not null and dbu_price is null then 'no price: dbu'
      when athena_bytes is not null and athena_price is null then 'no price: athena_tb'
      when cluster_size is null and coalesce(dpu_hours, dbu, athena_bytes) is null
        then 'not told: cluster_size, or the metrics dpu_hours, dbu or athena_scanned_bytes'
      when cluster_size is null then null
      when node_type is null and coalesce(dpu_hours, dbu, athena_bytes) is null
        then 'expected cluster_size as "8 x r5.4xlarge"'
      when node_price is null and coalesce(dpu_hours, dbu, athena_bytes) is null
        then concat('no price: node_types ', node_type)
      when node_price is not null and duration_ms is null then 'not told: how long it took'
    end as unknown_because
  from priced
),
run_costs as (
  select environment, process_name, run_id, run_date, began_at, owner, status, currency, unknown_because,
    case when unknown_because is null then
      coalesce(node_cost, 0e0) + coalesce(dpu_cost, 0e0) + coalesce(dbu_cost, 0e0) + coalesce(athena_cost, 0e0)
    end as cost
  from reasoned
)
