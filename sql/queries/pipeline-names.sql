-- The names of all pipelines, those that started last first.
select process_name
from pipeline_run_state
group by process_name
order by max(start_time) desc nulls last, process_name
limit :limit
