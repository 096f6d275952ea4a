import type { Told } from '../core/alert/as-of.ts';
import { type IncidentChange, sent } from '../core/alert/incident.ts';
import { type IncidentLine, incidentLineKey, type ReceiptLine } from '../core/alert/incident-log.ts';
import { errorMessage } from '../core/error-message.ts';
import { epochMsOf } from '../core/instant.ts';
import type { Delivery } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

export interface SendNoticesPorts {
  readonly incidents: IncidentStore;
  readonly notificationLog: NotificationLog;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly hash: (text: string) => string;
  /** The names of the routes that a change goes, the first to try before the next. Empty: nobody is told, as while silenced. */
  readonly routesOf: (told: Told) => readonly string[];
  /** Sends one message on a route: of one change, or of a storm of them. */
  readonly send: (route: string, told: readonly Told[]) => Promise<Delivery>;
}

/** What became of the notices that waited. */
export interface SentNotices {
  readonly incidents: number;
  readonly messages: number;
  readonly delivered: number;
  readonly failed: number;
  readonly errors: readonly string[];
}

const MAX_INCIDENTS = 1000;
/** More changes than this on one route at once are a storm, and one message. */
const STORM = 5;
/** A change that no route took for a day leaves the outbox: its receipts say why. 24 h. */
const GIVEN_UP_MS = 86_400_000;
/** Less than the time between two tries of a caller, so that a sender that died does not block the next one. */
const CLAIM_MS = 45_000;

/**
 * Tells what has yet to be told: each change on each of its routes once, many at once as one message. What is delivered is
 * recorded before it leaves the outbox, so that a sender which dies in between loses nothing and repeats at most what it
 * was just sending. A change stays in the outbox until each of its routes has it.
 */
export async function sendNotices(ports: SendNoticesPorts): Promise<SentNotices> {
  const waiting = await ports.incidents.unsentIncidents(MAX_INCIDENTS);
  const all = waiting.flatMap((incident) => incident.outbox.map((change): Told => ({ incident, change })));
  for (const told of all) await logChange(ports, told);
  const byRoute = new Map<string, Told[]>();
  for (const told of all)
    for (const route of ports.routesOf(told)) byRoute.set(route, [...(byRoute.get(route) ?? []), told]);

  const undelivered = new Set<string>();
  const counts = { messages: 0, delivered: 0, failed: 0 };
  const errors: string[] = [];
  for (const [route, onRoute] of byRoute) {
    const open: Told[] = [];
    for (const told of onRoute) {
      const key = keyOf(route, told);
      if (await ports.notificationLog.has(key)) continue;
      if (await ports.notificationLog.claim(key, ports.clock.now(), CLAIM_MS)) open.push(told);
      else undelivered.add(changeKey(told));
    }
    const messages = open.length > STORM ? [open] : open.map((told) => [told]);
    for (const message of messages) {
      const delivery = await ports
        .send(route, message)
        .catch((error: unknown): Delivery => ({ channel: route, delivered: false, why: errorMessage(error) }));
      counts.messages += 1;
      counts[delivery.delivered ? 'delivered' : 'failed'] += 1;
      if (!delivery.delivered) errors.push(delivery.why);
      for (const told of message) {
        if (delivery.delivered) await ports.notificationLog.record(keyOf(route, told), ports.clock.now());
        else undelivered.add(changeKey(told));
        await logReceipt(ports, route, told, delivery);
      }
    }
  }
  for (const incident of waiting) {
    const isGivenUp = ({ at }: IncidentChange): boolean => epochMsOf(ports.clock.now()) - epochMsOf(at) > GIVEN_UP_MS;
    const done = incident.outbox
      .filter((change) => !undelivered.has(changeKey({ incident, change })) || isGivenUp(change))
      .map(({ number }) => number);
    if (done.length > 0)
      await ports.incidents.changeIncident(incident, (stored) =>
        stored?.id === incident.id ? sent(stored, done) : stored,
      );
  }
  return { incidents: waiting.length, ...counts, errors };
}

const changeKey = ({ incident, change }: Told): string => `${incident.id} ${change.number}`;
const keyOf = (route: string, told: Told): string => `sent ${route} ${changeKey(told)}`;

async function logChange({ store, hash }: SendNoticesPorts, { incident, change }: Told): Promise<void> {
  const line: IncidentLine = { kind: change.kind, at: change.at, incident };
  await store.put(incidentLineKey(incident, change.number, hash), `${JSON.stringify(line)}\n`);
}

async function logReceipt(
  { store, hash, clock }: SendNoticesPorts,
  route: string,
  { incident, change }: Told,
  delivery: Delivery,
): Promise<void> {
  const line: ReceiptLine = {
    kind: 'receipt',
    at: clock.now(),
    incident_id: incident.id,
    change: change.number,
    route,
    delivered: delivery.delivered,
    detail: delivery.delivered ? delivery.message_id : delivery.why,
  };
  const key = incidentLineKey(incident, change.number, hash, `receipt-${hash(route).slice(0, 8)}`);
  await store.put(key, `${JSON.stringify(line)}\n`);
}
