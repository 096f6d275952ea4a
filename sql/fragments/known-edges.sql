-- Which pipelines lead from which source to which target, each once.
known_edges as (
  select environment, process_name, source_path, target_path,
    count(distinct run_id) as runs,
    max(written_at) as last_written_at
  from lineage_edges
  where run_date >= cast(:since as date)
    and (:environment = '' or environment = :environment)
  group by environment, process_name, source_path, target_path
)
