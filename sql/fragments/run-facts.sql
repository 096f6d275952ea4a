-- What the events of a run told of it, its steps' included.
    max(event_time) filter (where reporter <> {{ledger_reporter}}) as last_event_at,
    max(event_time) as last_told_at,
    max(lease_ms) as promised_lease_ms,
    max(expected_max_duration_ms) as greatest_sla_ms,
    max(event_time) filter (where event_type not in ('HEARTBEAT', 'METRIC') and not is_failure and reporter <> {{ledger_reporter}}) as last_ok_event_at,
    max(event_time) filter (where is_failure and reporter <> {{ledger_reporter}}) as last_failed_event_at,
    cast(max(floor(memory_used_bytes)) filter (where memory_used_bytes >= 0 and memory_used_bytes <= {{max_integer}}e0) as bigint) as memory_used_bytes,
    max(row(event_time, event_id)) filter (where unit = 'run') as latest
