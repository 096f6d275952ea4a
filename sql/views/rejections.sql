-- Every line that was received and could not be accepted, once: why, what it was, masked, and what became of it.
with typed as (
  select {{object}} as object,
    try_cast(try(json_parse(line)) as row(
      rejection_key varchar, received_at varchar, kind varchar, explanation varchar, payload varchar,
      decision varchar, reason varchar, who varchar
    )) as r
  from rejected_lines
),
joined as (
  select r.rejection_key, r.kind, r.explanation, r.payload, object,
    min(case when r.kind is not null then r.received_at end) over (partition by r.rejection_key) as received_at,
    max(case when r.decision is not null then concat(r.received_at, ' ', r.decision, ' ', coalesce(r.reason, '')) end)
      over (partition by r.rejection_key) as decided,
    max(case when r.decision is not null then concat(r.received_at, ' ', r.decision, ' ', coalesce(r.who, '')) end)
      over (partition by r.rejection_key) as decider,
    row_number() over (
      partition by r.rejection_key
      order by case when r.kind is null then 1 else 0 end, r.received_at desc, object desc
    ) as place
  from typed
  where r.rejection_key is not null
)
select
  rejection_key,
  try_cast(concat(substr(received_at, 1, 10), ' ', substr(received_at, 12, 12)) as timestamp(6)) as received_at,
  kind, explanation, payload, object,
  case
    when decided is null then 'open'
    when substr(decided, 26, 8) = 'accepted' then 'accepted'
    else 'dismissed'
  end as state,
  try_cast(concat(substr(decided, 1, 10), ' ', substr(decided, 12, 12)) as timestamp(6)) as decided_at,
  nullif(substr(decided, 36), '') as decision_reason,
  nullif(substr(decider, 36), '') as decided_by
from joined
where place = 1
  and kind is not null
