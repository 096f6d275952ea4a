import type { IncidentDecision } from '../core/alert/decision.ts';
import type { Silence } from '../core/alert/silence.ts';
import type { Instant } from '../core/instant.ts';
import type { Delivery } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { IncidentFilter } from '../core/ports/incident-store.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import { expectationsIn, holdingPipelines } from './applied-pipelines.ts';
import { type ApplyPorts, applyPipelines } from './apply-pipelines.ts';
import { decideIncident } from './decide-incident.ts';
import { expectedSlots } from './expected.ts';
import { restoreIncidents } from './restore-incidents.ts';
import { addSilence, endSilence, listSilences } from './silences.ts';

export interface AlertPorts extends ApplyPorts {
  readonly clock: Clock;
  readonly hash: (text: string) => string;
  readonly notificationLog: NotificationLog;
  /** Sends a message to try a route: on AWS, by the function that may reach people. */
  readonly testRoute: (route: string) => Promise<Delivery>;
}

/** What people ask a ledger about what is wrong, and tell it to do: the same on AWS and on a laptop. */
export const alertsOf = (ports: AlertPorts) => {
  const { incidents, store, clock } = ports;
  return {
    incidents: (filter: IncidentFilter) => incidents.listIncidents(filter),
    decide: (decision: IncidentDecision) => decideIncident(ports, decision),
    silences: () => listSilences(store, clock.now()),
    silence: (silence: Silence) => addSilence(ports, silence, clock.now()),
    endSilence: (id: string, who?: string) => endSilence(ports, id, clock.now(), who),
    expected: async (from: Instant, until: Instant) =>
      expectedSlots(
        { ...ports, expectations: expectationsIn(await holdingPipelines(ports)) },
        from,
        until,
        clock.now(),
      ),
    pipelines: () => holdingPipelines(ports),
    restoreIncidents: () => restoreIncidents(ports),
    testRoute: ports.testRoute,
    applyPipelines: (text: string, who?: string) => applyPipelines(ports, text, clock.now(), who),
  };
};
