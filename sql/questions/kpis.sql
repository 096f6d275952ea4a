-- How well runs and alerting did, by day or week: success, durations, bytes, and how soon trouble was found and over.
with {{asked_runs}},
{{run_costs}},
cost_facts as (
  select environment,
    case when :per = 'pipeline' then process_name end as process_name,
    cast(date_trunc(:by, run_date) as date) as period,
    count(cost) as priced_runs,
    cast(sum(cast(cost * 1000000e0 as decimal(38, 0))) as double) / 1000000e0 as cost,
    max(currency) as currency
  from run_costs
  group by environment, case when :per = 'pipeline' then process_name end, cast(date_trunc(:by, run_date) as date)
),
grouped_runs as (
  select environment,
    case when :per = 'pipeline' then process_name end as process_name,
    cast(date_trunc(:by, run_date) as date) as period,
    run_id, status, duration_ms, data_size_bytes_in, data_size_bytes_out
  from asked_runs
),
ranked as (
  select *,
    row_number() over (partition by environment, process_name, period order by duration_ms nulls last, run_id) as place,
    count(duration_ms) over (partition by environment, process_name, period) as measured
  from grouped_runs
),
run_facts as (
  select environment, process_name, period,
    count(*) as runs,
    count(*) filter (where status in ({{ended}}, 'LOST')) as ended,
    count(*) filter (where status in ({{failed}})) as failed,
    avg(cast(duration_ms as double)) as mean_duration_ms,
    min(duration_ms) filter (where place * 100 >= measured * 95) as p95_duration_ms,
    sum(cast(data_size_bytes_in as decimal(38, 0))) as bytes_in,
    sum(cast(data_size_bytes_out as decimal(38, 0))) as bytes_out
  from ranked
  group by environment, process_name, period
),
asked_pipelines as (
  select distinct environment, process_name
  from asked_runs
),
measured_incidents as (
  select
    i.environment,
    case when :per = 'pipeline' then i.process_name end as process_name,
    cast(date_trunc(:by, cast(i.detected_at as date)) as date) as period,
    i.to_detect_ms, i.to_repair_ms, i.incident, i.acknowledged, i.page
  from (
    select environment, process_name, detected_at,
    {{incident_measures}}
    from incident_log
    where detected_at >= :since
      and (:environment = '' or environment = :environment)
      and process_name like :process_name escape '\'
  ) as i
  left join asked_pipelines as p
    on p.environment = i.environment
    and p.process_name = i.process_name
  where :owner = ''
    or p.process_name is not null
),
incident_facts as (
  select environment, process_name, period,
    avg(cast(to_detect_ms as double)) as to_detect_ms,
    avg(cast(to_repair_ms as double)) as to_repair_ms,
    count(distinct incident) as incidents,
    count(distinct acknowledged) as acknowledged,
    count(distinct page) as pages
  from measured_incidents
  group by environment, process_name, period
)
select
  coalesce(r.environment, i.environment) as environment,
  coalesce(r.process_name, i.process_name) as process_name,
  coalesce(r.period, i.period) as period,
  cast(coalesce(r.runs, 0) as bigint) as runs,
  cast(coalesce(r.failed, 0) as bigint) as failed,
  cast(r.ended - r.failed as double) / nullif(cast(r.ended as double), 0e0) as success_rate,
  case when r.mean_duration_ms < {{max_integer}} then cast(floor(r.mean_duration_ms + 0.5e0) as bigint) end as mean_duration_ms,
  r.p95_duration_ms,
  case when r.bytes_in <= {{max_integer}} then cast(r.bytes_in as bigint) end as data_size_bytes_in,
  case when r.bytes_out <= {{max_integer}} then cast(r.bytes_out as bigint) end as data_size_bytes_out,
  cast(coalesce(i.incidents, 0) as bigint) as incidents,
  cast(floor(i.to_detect_ms + 0.5e0) as bigint) as mttd_ms,
  cast(floor(i.to_repair_ms + 0.5e0) as bigint) as mttr_ms,
  cast(coalesce(i.pages, 0) as bigint) as pages,
  cast(coalesce(i.acknowledged, 0) as bigint) as acknowledged_incidents,
  cast(coalesce(c.priced_runs, 0) as bigint) as priced_runs,
  c.cost,
  c.cost / nullif(cast(c.priced_runs as double), 0e0) as cost_per_run,
  c.currency
from run_facts as r
full join incident_facts as i
  on i.environment = r.environment
  and i.period = r.period
  and coalesce(i.process_name, '') = coalesce(r.process_name, '')
left join cost_facts as c
  on c.environment = r.environment
  and c.period = r.period
  and coalesce(c.process_name, '') = coalesce(r.process_name, '')
order by 3, 1, 2
