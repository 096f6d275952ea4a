-- How many events there are of each day, from one to another.
select event_date, count(*) as events
from pipeline_logs
where event_date between cast(:first_day as date) and cast(:last_day as date)
group by event_date
order by event_date
