import { type Incident, subjectOf } from '../../core/alert/incident.ts';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import { accessOf, type TableAccess, type TableSettings } from './access.ts';
import { changeItem } from './change-item.ts';
import { type IncidentItem, incidentIn, incidentItem, incidentKey } from './incident-item.ts';
import { keyText, readItems } from './items.ts';
import { listIncidents, unsentIncidents } from './list-incidents.ts';

/**
 * Incidents as items of the live table, each under a key of its own, changed by conditional writes only. DynamoDB deletes
 * a resolved one after 400 days. Clearing the live store leaves them. Refusals of the table are thrown with what to do.
 */
export function openIncidentStore(settings: TableSettings): IncidentStore {
  const access = accessOf(settings);
  return {
    async changeIncident(subject, change) {
      let now: Incident | undefined;
      await changeItem<IncidentItem>(access, incidentKey(subject), (item) => {
        const stored = item && incidentIn(item);
        now = change(stored) ?? stored;
        return now === undefined || now === stored ? undefined : incidentItem(now);
      });
      return now;
    },

    async incidentOf(id) {
      const subject = subjectOf(id);
      const latest = subject && (await readIncident(access, incidentKey(subject)));
      return latest?.id === id ? latest : undefined;
    },

    listIncidents: (filter) => listIncidents(access, filter),
    unsentIncidents: (limit) => unsentIncidents(access, limit),
  };
}

async function readIncident(access: TableAccess, key: ReturnType<typeof incidentKey>): Promise<Incident | undefined> {
  const item = (await readItems<IncidentItem>(access, [key])).get(keyText(key));
  return item && incidentIn(item);
}
