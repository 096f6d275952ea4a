-- Every line that was received and could not be accepted, once: why, and what it was, masked.
with typed as (
  select {{object}} as object,
    try_cast(try(json_parse(line)) as row(
      rejection_key varchar, received_at varchar, kind varchar, explanation varchar, payload varchar
    )) as r
  from rejected_lines
),
numbered as (
  select r.rejection_key, r.received_at, r.kind, r.explanation, r.payload, object,
    row_number() over (partition by r.rejection_key order by r.received_at, object) as copy
  from typed
  where r.rejection_key is not null
)
select
  rejection_key,
  try_cast(concat(substr(received_at, 1, 10), ' ', substr(received_at, 12, 12)) as timestamp(6)) as received_at,
  kind, explanation, payload, object
from numbered
where copy = 1
