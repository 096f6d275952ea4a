-- The latest rejected lines, of some kinds and states.
select rejection_key, received_at, kind, explanation, substr(payload, 1, 2000) as payload, state, decision_reason, decided_by
from rejections
where kind in (:kinds)
  and state in (:states)
order by received_at desc, rejection_key
limit :limit
