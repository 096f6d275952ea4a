-- The latest rejected lines, of some kinds.
select rejection_key, received_at, kind, explanation, substr(payload, 1, 2000) as payload
from rejections
where kind in (:kinds)
order by received_at desc, rejection_key
limit :limit
