-- Which pipelines failed most in the last seven days, and of what.
select
  environment, process_name,
  cast(count(*) as bigint) as failures,
  cast(count(distinct error_code) as bigint) as error_codes,
  (max(row(start_time, error_code)) filter (where error_code is not null))[2] as last_error_code,
  max(start_time) as last_failure_at
from current_runs
where status in ('FAILED', 'TIMED_OUT', 'LOST')
  and start_time >= :now - interval '7' day
group by environment, process_name
order by failures desc, environment, process_name
