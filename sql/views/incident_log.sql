-- Every change of an incident, who made it and why, and what became of each notice, once.
with typed as (
  select {{object}} as object,
    try_cast(try(json_parse(line)) as row(
      incident_id varchar, change integer, kind varchar, about varchar, changed_at varchar, environment varchar,
      process_name varchar, slot varchar, status varchar, severity varchar, reasons varchar, run_ids varchar,
      summary varchar, occurred_at varchar, detected_at varchar, notified_at varchar, acknowledged_at varchar,
      resolved_at varchar, who varchar, why varchar, route varchar, delivered boolean, detail varchar
    )) as r
  from incident_lines
),
told as (
  -- A decision has a line of its own, with who and why, beside the line of the change that it made.
  select r, object,
    row_number() over (
      partition by r.incident_id, r.change, r.kind, r.route
      order by case when r.who is null then 1 else 0 end, object desc
    ) as place
  from typed
  where r.incident_id is not null
)
select
  r.incident_id, r.change, r.kind,
  try_cast(concat(substr(r.changed_at, 1, 10), ' ', substr(r.changed_at, 12, 12)) as timestamp(6)) as changed_at,
  r.environment, r.process_name, r.slot, r.status, r.severity, r.reasons, r.run_ids, r.summary,
  try_cast(concat(substr(r.occurred_at, 1, 10), ' ', substr(r.occurred_at, 12, 12)) as timestamp(6)) as occurred_at,
  try_cast(concat(substr(r.detected_at, 1, 10), ' ', substr(r.detected_at, 12, 12)) as timestamp(6)) as detected_at,
  try_cast(concat(substr(r.notified_at, 1, 10), ' ', substr(r.notified_at, 12, 12)) as timestamp(6)) as notified_at,
  try_cast(concat(substr(r.acknowledged_at, 1, 10), ' ', substr(r.acknowledged_at, 12, 12)) as timestamp(6)) as acknowledged_at,
  try_cast(concat(substr(r.resolved_at, 1, 10), ' ', substr(r.resolved_at, 12, 12)) as timestamp(6)) as resolved_at,
  r.who, r.why, r.about, r.route, r.delivered, r.detail, object
from told
where place = 1
