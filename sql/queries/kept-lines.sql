-- The lines of some days after an event, by the time of the event, until a moment.
select raw_payload
from pipeline_logs
where event_date between cast(:first_day as date) and cast(:last_day as date)
  and (event_time > :after or (event_time = :after and event_key > :after_key))
  and event_time <= :until
order by event_time, event_key
limit :limit
