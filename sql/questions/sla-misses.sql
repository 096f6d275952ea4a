-- Which runs missed their SLA, those that still run included, the worst first.
select environment, process_name, run_id, status, expected_max_duration_ms, elapsed_ms, over_by_ms, is_open
from sla_breaches
order by over_by_ms desc, environment, process_name, run_id
