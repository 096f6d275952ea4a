-- Good runs of one pipeline that began, or whose slot is, at or after a moment: which slots need no other run.
select run_id, scheduled_for, start_time, queued_at, first_event_at
from pipeline_run_state
where environment = :environment
  and process_name = :process_name
  and status in ('SUCCESS', 'SKIPPED')
  and coalesce(start_time, queued_at, first_event_at) >= :since
order by run_id
limit :limit
