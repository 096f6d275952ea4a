-- How many rejected lines are open.
select count(*) as open
from rejections
where state = 'open'
