import { asOf, type Told } from '../core/alert/as-of.ts';
import { incidentLineKey, receiptLine } from '../core/alert/incident-log.ts';
import { errorMessage } from '../core/error-message.ts';
import type { Delivery } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

export interface DeliverPorts {
  readonly notificationLog: NotificationLog;
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly hash: (text: string) => string;
  /** The names of the routes that a change goes, the first to try before the next. Empty: nobody is told, as while silenced. */
  readonly routesOf: (told: Told) => readonly string[];
  /** Where a P1 goes that none of its routes took, the first to try before the next. Default: nowhere. */
  readonly fallbacksOf?: ((told: Told) => readonly string[]) | undefined;
  /** Sends one message on a route: of one change, or of a storm of them. `note` says why it comes this way. */
  readonly send: (route: string, told: readonly Told[], note?: string) => Promise<Delivery>;
}

/** What became of some changes on their routes. */
export interface Delivered {
  readonly messages: number;
  readonly delivered: number;
  readonly failed: number;
  readonly errors: readonly string[];
  /** Whether each of its routes has it. */
  readonly isDelivered: (told: Told) => boolean;
}

/** More changes than this on one route at once are a storm, and one message. */
const STORM = 5;
/** Less than the time between two tries of a caller, so that a sender that died does not block the next one. */
const CLAIM_MS = 45_000;

/**
 * Sends each change on each of its routes once, many at once as one message. A delivery is recorded before the caller may
 * forget the change, so that a sender that dies in between loses nothing and repeats at most what it was just sending. A P1
 * that no route took goes by the next one that does, and says why.
 */
export async function deliver(ports: DeliverPorts, all: readonly Told[]): Promise<Delivered> {
  const counts = { messages: 0, delivered: 0, failed: 0 };
  const errors: string[] = [];
  const undelivered = new Set<string>();
  /** Why a change did not arrive on the routes on which it was tried; of one that arrived on any, nothing. */
  const failures = new Map<string, string[]>();
  const arrived = new Set<string>();

  const sendOn = async (route: string, onRoute: readonly Told[], note?: string): Promise<void> => {
    const open: Told[] = [];
    for (const told of onRoute) {
      const key = keyOf(route, told);
      if (await ports.notificationLog.has(key)) arrived.add(changeKey(told));
      else if (await ports.notificationLog.claim(key, ports.clock.now(), CLAIM_MS)) open.push(told);
      // Another sender has it in hand.
      else undelivered.add(changeKey(told));
    }
    const messages = open.length > STORM ? [open] : open.map((told) => [told]);
    for (const message of messages) {
      const delivery = await ports
        .send(route, message, note)
        .catch((error: unknown): Delivery => ({ channel: route, delivered: false, why: errorMessage(error) }));
      counts.messages += 1;
      counts[delivery.delivered ? 'delivered' : 'failed'] += 1;
      if (!delivery.delivered) errors.push(delivery.why);
      for (const told of message) {
        const key = changeKey(told);
        if (delivery.delivered) {
          await ports.notificationLog.record(keyOf(route, told), ports.clock.now());
          arrived.add(key);
        } else {
          undelivered.add(key);
          failures.set(key, [...(failures.get(key) ?? []), `${route}: ${delivery.why}`]);
        }
        await logReceipt(ports, route, told, delivery);
      }
    }
  };

  for (const [route, onRoute] of byRoute(all, ports.routesOf)) await sendOn(route, onRoute);

  const tried = new Map<string, number>();
  const isLost = (told: Told): boolean =>
    isUrgent(told) && failures.has(changeKey(told)) && !arrived.has(changeKey(told));
  for (let lost = all.filter(isLost); lost.length > 0; lost = lost.filter(isLost)) {
    const next = (told: Told): readonly string[] =>
      (ports.fallbacksOf?.(told) ?? []).slice(tried.get(changeKey(told)) ?? 0).slice(0, 1);
    lost = lost.filter((told) => next(told).length > 0);
    for (const [route, onRoute] of byRoute(lost, next)) {
      const why = failures.get(changeKey(onRoute[0] as Told))?.[0] ?? '';
      await sendOn(route, onRoute, `It comes this way because it did not arrive on its own. ${why}`);
    }
    for (const told of lost) tried.set(changeKey(told), (tried.get(changeKey(told)) ?? 0) + 1);
  }
  return { ...counts, errors, isDelivered: (told) => !undelivered.has(changeKey(told)) };
}

/** What wakes somebody must arrive somewhere. */
const isUrgent = (told: Told): boolean =>
  (told.change.kind === 'opened' || told.change.kind === 'upgraded') && asOf(told).severity === 'P1';

function byRoute(
  all: readonly Told[],
  routesOf: (told: Told) => readonly string[],
): ReadonlyMap<string, readonly Told[]> {
  const routes = new Map<string, Told[]>();
  for (const told of all) for (const route of routesOf(told)) routes.set(route, [...(routes.get(route) ?? []), told]);
  return routes;
}

const changeKey = ({ incident, change }: Told): string => `${incident.id} ${change.number}`;
const keyOf = (route: string, { incident, change }: Told): string => deliveryKey(route, incident.id, change.number);

/** The key of a delivery in the notification log. */
export const deliveryKey = (route: string, incident_id: string, change: number): string =>
  `sent ${route} ${incident_id} ${change}`;

async function logReceipt(
  { store, hash, clock }: DeliverPorts,
  route: string,
  told: Told,
  delivery: Delivery,
): Promise<void> {
  const line = receiptLine(told, {
    changed_at: clock.now(),
    route,
    delivered: delivery.delivered,
    detail: delivery.delivered ? delivery.message_id : delivery.why,
  });
  const key = incidentLineKey(told.incident, told.change.number, hash, `receipt-${hash(route).slice(0, 8)}`);
  await store.put(key, `${JSON.stringify(line)}\n`);
}
