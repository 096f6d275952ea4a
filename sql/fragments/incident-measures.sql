-- What a line of the incident log adds to the measures of how soon incidents are noticed and over.
case when kind = 'opened' then date_diff(
      'millisecond',
      case
        when reasons like '%NOT_STARTED%'
          then coalesce(try_cast(concat(substr(slot, 1, 10), ' ', substr(slot, 12, 12)) as timestamp(6)), occurred_at)
        else occurred_at
      end,
      detected_at
    ) end as to_detect_ms,
    case when kind = 'resolved' then date_diff('millisecond', occurred_at, resolved_at) end as to_repair_ms,
    case when kind = 'opened' then incident_id end as incident,
    case when kind = 'acknowledged' then incident_id end as acknowledged,
    -- A storm is one message, with a receipt for each of its incidents.
    case when kind = 'receipt' and delivered and about in ('opened', 'upgraded') then concat(route, ' ', detail) end as page
