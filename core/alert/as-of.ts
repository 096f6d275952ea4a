import { graver } from './condition.ts';
import type { Incident, IncidentChange } from './incident.ts';

/** An incident and one of its changes. */
export interface Told {
  readonly incident: Incident;
  readonly change: IncidentChange;
}

/**
 * The incident as a change left it: what came later is not in it, so that a notice that is sent late says what it would
 * have said in time. Of a severity that rose without a new reason only the latest is known.
 */
export function asOf({ incident, change }: Told): Incident {
  const { at, number } = change;
  if (number === incident.changes) return incident;
  const reasons = incident.reasons.filter(({ detected_at }) => detected_at <= at);
  const { acknowledged_at, acknowledged_by, resolved_at: _at, resolution: _by, ...lasting } = incident;
  const isTaken = acknowledged_at !== undefined && acknowledged_at <= at && change.kind !== 'opened';
  const known = new Set(reasons.map(({ run_id }) => run_id));
  return {
    ...lasting,
    ...(isTaken ? { acknowledged_at, acknowledged_by } : {}),
    status: isTaken ? 'acknowledged' : 'open',
    severity: reasons.map(({ severity }) => severity).reduce(graver, 'P3'),
    reasons,
    run_ids: incident.run_ids.filter((run_id) => known.has(run_id)),
    outbox: incident.outbox.filter((each) => each.number <= number),
    changes: number,
  };
}
