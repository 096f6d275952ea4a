-- Recomputes the metrics of the given days from the runs that started on them, as the clock sees those runs.
-- A day that lost its last run, because that run turned out to have begun on another one, loses its row.
merge into job_metrics as t
using (
  with known as (
    select *, {{status_at}} as shown_status
    from pipeline_run_state
    where run_date in (:run_dates)
  ),
  ranked as (
    select *,
      row_number() over (
        partition by environment, process_name, run_date
        order by duration_ms nulls last, run_id
      ) as duration_rank,
      count(duration_ms) over (partition by environment, process_name, run_date) as measured
    from known
  )
  select
    environment, process_name, run_date,
    cast(count(*) as bigint) as total_runs,
    cast(count(*) filter (where shown_status = 'SUCCESS') as bigint) as success_count,
    cast(count(*) filter (where shown_status in ({{failed}})) as bigint) as failure_count,
    cast(count(*) filter (where shown_status = 'CANCELLED') as bigint) as cancelled_count,
    cast(count(*) filter (where shown_status = 'SKIPPED') as bigint) as skipped_count,
    cast(count(*) filter (where shown_status = 'LOST') as bigint) as lost_count,
    cast(count(*) filter (where shown_status in ({{open}})) as bigint) as open_count,
    cast(sum(cast(duration_ms as decimal(38, 0))) as double) / nullif(count(duration_ms), 0) / 1000e0 as avg_duration_sec,
    min(duration_ms) filter (where duration_ms is not null and duration_rank * 100 >= measured * 50) / 1000e0 as p50_duration_sec,
    min(duration_ms) filter (where duration_ms is not null and duration_rank * 100 >= measured * 95) / 1000e0 as p95_duration_sec,
    max(duration_ms) / 1000e0 as max_duration_sec,
    case
      when sum(cast(coalesce(records_out, records_in) as decimal(38, 0))) <= {{max_integer}}
        then cast(sum(cast(coalesce(records_out, records_in) as decimal(38, 0))) as bigint)
    end as total_records_processed,
    cast(sum(cast(data_size_bytes_in as decimal(38, 0))) as double) / nullif(count(data_size_bytes_in), 0) / 1048576e0 as avg_input_size_mb,
    cast(sum(cast(data_size_bytes_out as decimal(38, 0))) as double) / nullif(count(data_size_bytes_out), 0) / 1048576e0 as avg_output_size_mb,
    cast(sum(cast(memory_used_bytes as decimal(38, 0))) as double) / nullif(count(memory_used_bytes), 0) / 1048576e0 as avg_memory_used_mb,
    false as gone
  from ranked
  group by environment, process_name, run_date
  union all
  select m.environment, m.process_name, m.run_date, null, null, null, null, null, null, null, null, null, null, null,
    null, null, null, null, true
  from job_metrics as m
  left join known as k
    on k.environment = m.environment
    and k.process_name = m.process_name
    and k.run_date = m.run_date
  where m.run_date in (:run_dates)
    and k.run_id is null
) as s
on t.environment = s.environment
  and t.process_name = s.process_name
  and t.run_date = s.run_date
  and t.run_date in (:run_dates)
when matched and s.gone then delete
when matched and ({{job_metrics.differs}}) then update set {{job_metrics.assignments}}
when not matched and not s.gone then insert ({{job_metrics.columns}})
  values ({{job_metrics.source_columns}})
