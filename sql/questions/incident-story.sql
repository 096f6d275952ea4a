-- What happened to one incident, in order: its changes, by whom and why, and what became of each message about it.
select
  incident_id, change, kind, changed_at, status, severity, reasons, summary, who, why, about, route, delivered, detail
from incident_log
where incident_id = :id
order by changed_at, change, kind, route
