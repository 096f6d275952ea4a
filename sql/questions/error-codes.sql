-- Which error codes failed runs told, the most frequent first. Without a code, those that told none.
with {{asked_runs}},
counted as (
  select error_code,
    cast(count(*) as bigint) as failures,
    cast(count(distinct concat(environment, ' ', process_name)) as bigint) as pipelines,
    max(began_at) as last_at,
    (max(row(began_at, environment, process_name, run_id)))[3] as last_process_name,
    (max(row(began_at, environment, process_name, run_id)))[4] as last_run_id
  from asked_runs
  where status in ({{failed}})
  group by error_code
)
select
  error_code,
  {{error_class}} as error_class,
  failures, pipelines, last_at, last_process_name, last_run_id,
  {{error_advice}} as advice
from counted
order by failures desc, error_code nulls last
