-- Every act of a person upon the ledger, and every restart and stop that the ledger made by itself, with its record.
with acts as (
  select {{object}} as object,
    try_cast(try(json_parse(line)) as row(
      kind varchar, acted_at varchar, who varchar, environment varchar, target varchar, why varchar, detail varchar
    )) as r
  from act_lines
),
dismissals as (
  select {{object}} as object,
    try_cast(try(json_parse(line)) as row(
      rejection_key varchar, received_at varchar, decision varchar, reason varchar, who varchar
    )) as r
  from rejected_lines
  where line like '%"decision":"dismissed"%'
),
watermark_sets as (
  select {{object}} as object,
    try_cast(try(json_parse(line)) as row(
      kind varchar, environment varchar, process_name varchar, data_until varchar, who varchar, why varchar, set_at varchar
    )) as r
  from recovery_lines
),
recovery_states as (
  select {{object}} as object, try_cast(try(json_parse(line)) as {{recovery_row}}) as r
  from recovery_lines
),
recoveries as (
  select r.recovery.environment as environment, r.recovery.process_name as process_name, r.recovery.slot as slot,
    r.recovery.decisions as decisions, object
  from recovery_states
  where r.recovery.slot is not null
),
decided as (
  -- Each state of a recovery holds all decisions before it: the first record of each counts.
  select l.environment, l.process_name, l.slot, l.object, d.number, d."at" as decided_at, d.kind, d.reason, d.text, d.run_id, d.new_run_id, d.who,
    row_number() over (
      partition by l.environment, l.process_name, l.slot, d.number
      order by l.object
    ) as place
  from recoveries as l
  {{unnest.decisions}}
),
told as (
  select r.acted_at as at_text, r.kind as kind, r.who as who, r.environment as environment,
    case when r.kind = 'silence' or r.kind = 'end_silence' then r.target end as process_name,
    r.target as target, r.why as why, r.detail as detail, object
  from acts
  where r.acted_at is not null
  union all
  select r.received_at, 'dismiss', r.who, null, null, r.rejection_key, r.reason, null, object
  from dismissals
  where r.decision = 'dismissed'
  union all
  select r.set_at, 'set_watermark', r.who, r.environment, r.process_name, r.process_name, r.why,
    coalesce(concat('data until ', r.data_until), 'the next run loads everything'), object
  from watermark_sets
  where r.kind = 'watermark'
    and r.set_at is not null
  union all
  select decided_at,
    case when kind <> 'restart' then kind when reason = 'BACKFILL' then 'backfill' when who is null then 'restart' else 'replay' end,
    coalesce(who, '{{ledger_name}}'), environment, process_name, coalesce(new_run_id, run_id), null, text, object
  from decided
  where place = 1
    and (kind = 'restart' or kind = 'stop')
)
select
  try_cast(concat(substr(at_text, 1, 10), ' ', substr(at_text, 12, 12)) as timestamp(6)) as acted_at,
  kind, who, environment, process_name, target, why, detail, object
from told
union all
select changed_at, case kind when 'acknowledged' then 'acknowledge' else 'resolve' end, who, environment, process_name,
  incident_id, why, summary, object
from incident_log
where who is not null
  and (kind = 'acknowledged' or kind = 'resolved')
