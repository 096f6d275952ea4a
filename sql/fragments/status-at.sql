-- The status of a run as the clock sees it: open and silent for two thirds of its lease, or beyond it.
case
  when status in ({{ended}}) then status
  when {{now}} >= lease_expires_at and last_event_failed then 'FAILED'
  when {{now}} >= lease_expires_at then 'LOST'
  when 3 * date_diff('millisecond', last_event_at, {{now}}) >= 2 * lease_ms then 'SUSPECT'
  else status
end
