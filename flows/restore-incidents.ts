import { type Incident, subjectText } from '../core/alert/incident.ts';
import { loggedLine } from '../core/alert/incident-log.ts';
import type { RestoredIncidents } from '../core/alert/restored-incidents.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { deliveryKey } from './deliver.ts';

export interface RestoreIncidentsPorts {
  readonly store: Pick<ObjectStore, 'list' | 'get'>;
  readonly incidents: IncidentStore;
  readonly notificationLog: NotificationLog;
}

/**
 * Builds the store of incidents again from the log of them: what was found, what people decided, and what has arrived, so
 * that nobody is told of it again. What the store knows already, and later, is left alone. Repeating it changes nothing.
 */
export async function restoreIncidents({
  store,
  incidents,
  notificationLog,
}: RestoreIncidentsPorts): Promise<RestoredIncidents> {
  const latest = new Map<string, Incident>();
  let receipts = 0;
  for await (const { key, size_bytes } of store.list(`${FOLDERS.incidents}/`)) {
    if (size_bytes === 0) continue;
    for (const text of new TextDecoder().decode(await store.get(key)).split('\n')) {
      const line = loggedLine(text);
      if (line === undefined) continue;
      if (line.kind === 'receipt') {
        if (!line.delivered) continue;
        await notificationLog.record(deliveryKey(line.route, line.incident_id, line.change), line.changed_at);
        receipts += 1;
        continue;
      }
      const subject = subjectText(line.incident);
      latest.set(subject, furthest(latest.get(subject), line.incident));
    }
  }
  for (const incident of latest.values())
    await incidents.changeIncident(incident, (stored) => furthest(stored, incident));
  return { incidents: latest.size, receipts };
}

/** The one that has come further: of the later occurrence, with more changes, then acknowledged, then resolved. */
function furthest(a: Incident | undefined, b: Incident): Incident {
  if (a === undefined) return b;
  const ranks = (each: Incident) => [each.occurrence, STATUSES.indexOf(each.status), each.changes];
  const order = ranks(a).map((rank, at) => rank - (ranks(b)[at] ?? 0));
  return (order.find((difference) => difference !== 0) ?? 0) >= 0 ? a : b;
}

const STATUSES: readonly Incident['status'][] = ['open', 'acknowledged', 'resolved'];
