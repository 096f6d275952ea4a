-- The rejected lines with these keys.
select rejection_key, received_at, kind, explanation, payload, state, decision_reason, decided_by
from rejections
where rejection_key in (:keys)
order by rejection_key
