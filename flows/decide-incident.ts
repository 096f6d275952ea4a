import type { IncidentDecision } from '../core/alert/decision.ts';
import { acknowledged, type Incident, resolved } from '../core/alert/incident.ts';
import { incidentLine, incidentLineKey } from '../core/alert/incident-log.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

export interface DecidePorts {
  readonly incidents: IncidentStore;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly hash: (text: string) => string;
}

/**
 * Carries out what a person decided: first as a line of the log in the object store, which outlives the store of incidents,
 * then as a change. Returns the incident as it is now; undefined when there is none of this id. Deciding twice changes
 * nothing.
 */
export async function decideIncident(
  { incidents, store, clock, hash }: DecidePorts,
  { id, decision, who, why }: IncidentDecision,
): Promise<Incident | undefined> {
  const found = await incidents.incidentOf(id);
  if (found === undefined) return undefined;
  const at = clock.now();
  const decided = (incident: Incident): Incident =>
    decision === 'acknowledge'
      ? acknowledged(incident, at, who)
      : resolved(incident, at, why === undefined ? who : `${who}: ${why}`);
  const next = decided(found);
  if (next === found) return found;
  const kind = decision === 'acknowledge' ? 'acknowledged' : 'resolved';
  const change = next.outbox.findLast((each) => each.kind === kind) ?? { number: next.changes, kind, at, reasons: [] };
  const line = incidentLine({ incident: next, change }, { who, why });
  await store.put(incidentLineKey(found, next.changes, hash, decision), `${JSON.stringify(line)}\n`);
  return incidents.changeIncident(found, (stored) => (stored?.id === id ? decided(stored) : stored));
}
