-- Every question that was asked: when, by whom and from where, with its text, masked.
with typed as (
  select {{object}} as object, dt,
    try_cast(try(json_parse(line)) as row(
      access_key varchar, asked_at varchar, caller varchar, source varchar, user_agent varchar, via varchar,
      question varchar, error varchar
    )) as r
  from access_lines
)
select
  r.access_key,
  try_cast(concat(substr(r.asked_at, 1, 10), ' ', substr(r.asked_at, 12, 12)) as timestamp(6)) as asked_at,
  dt as asked_on,
  r.caller, r.source, r.user_agent, r.via, r.question, r.error, object
from typed
where r.access_key is not null
