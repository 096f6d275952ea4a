-- The environment of most runs.
select environment, count(*) as runs
from pipeline_run_state
group by environment
order by count(*) desc, environment
limit 1
