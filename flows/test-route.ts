import { judged, type Subject } from '../core/alert/incident.ts';
import type { Instant } from '../core/instant.ts';
import type { Delivery } from '../core/ports/channel.ts';
import { type AlertSendingPorts, alertSending } from './alert-sending.ts';
import { expectationsIn, holdingPipelines } from './applied-pipelines.ts';

/**
 * Sends a real message on a route of the file that holds, so that a person sees what arrives: of an incident that is made
 * up, and says so. It is no part of the log. Resolves to what became of it.
 */
export async function testRoute(
  ports: AlertSendingPorts & { readonly environment: string },
  route: string,
  now: Instant,
): Promise<Delivery> {
  const names = Object.keys(expectationsIn(await holdingPipelines(ports)).routes);
  const known = names.length > 0 ? names : Object.keys(ports.otherwise);
  if (!known.includes(route))
    return {
      channel: route,
      delivered: false,
      why: `expected one of the routes ${known.join(', ')}, but got ${route}`,
    };
  const subject: Subject = { environment: ports.environment, process_name: 'runledger test', slot: `test ${now}` };
  const condition = {
    reason: 'FAILED',
    severity: 'P3',
    occurred_at: now,
    text: `is a test of the route ${route}: nothing is wrong`,
  } as const;
  const incident = judged(undefined, subject, { conditions: [condition], isGood: false }, { now, holdMs: 0 });
  const [change] = incident?.outbox ?? [];
  if (incident === undefined || change === undefined) throw new Error('expected a change to tell of, but got none');
  return (await alertSending(ports)).send(route, [{ incident, change }]);
}
