-- What happened to an incident, in order: its changes, by whom and why, and what became of each message about it.
select
  incident_id, change, kind, changed_at, status, severity, reasons, summary, who, why, about, route, delivered, detail
from incident_log
where :id = ''
  or incident_id = :id
order by incident_id, changed_at, change, kind, route
