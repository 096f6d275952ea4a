-- Which rejected lines are open after one of them, and how long each is.
select rejection_key, length(payload) as size
from rejections
where state = 'open'
  and kind in (:kinds)
  and rejection_key > :after
order by rejection_key
limit 50000
