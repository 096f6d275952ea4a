import { type Incident, subjectText, unsentSince } from '../../core/alert/incident.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';

/** An incident store in memory. */
export function fakeIncidentStore(): IncidentStore {
  const bySubject = new Map<string, Incident>();
  const latestFirst = () => [...bySubject.values()].sort((a, b) => (a.detected_at < b.detected_at ? 1 : -1));
  return {
    async changeIncident(subject, change) {
      const key = subjectText(subject);
      const stored = bySubject.get(key);
      const next = change(stored) ?? stored;
      if (next !== undefined) bySubject.set(key, next);
      return next;
    },
    incidentOf: async (id) => latestFirst().find((each) => each.id === id),
    listIncidents: async ({ environment, process_name, open, since, limit }) =>
      latestFirst()
        .filter((each) => environment === undefined || each.environment === environment)
        .filter((each) => process_name === undefined || each.process_name === process_name)
        .filter((each) => !open || each.status !== 'resolved')
        .filter((each) => since === undefined || each.detected_at >= since)
        .slice(0, limit),
    unsentIncidents: async (limit) =>
      latestFirst()
        .filter((each) => unsentSince(each) !== undefined)
        .sort((a, b) => ((unsentSince(a) ?? '') < (unsentSince(b) ?? '') ? -1 : 1))
        .slice(0, limit),
  };
}
