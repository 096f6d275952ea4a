-- Lines that could not be accepted and that nobody has decided on, the latest first.
select rejection_key, received_at, kind, explanation, payload
from rejections
where state = 'open'
order by received_at desc, rejection_key
limit :limit
