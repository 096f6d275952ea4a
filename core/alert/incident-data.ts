import * as z from 'zod';
import type { Told } from './as-of.ts';
import { CHANGE_KINDS, NEWS_KINDS } from './incident.ts';

/** An incident as other systems get it: the `data` of a webhook, and the `detail` of an event on the bus. Instants are UTC. */
export const incidentDataSchema = z.strictObject({
  id: z.string(),
  change: z.enum([...CHANGE_KINDS, ...NEWS_KINDS]),
  pipeline: z.string(),
  environment: z.string(),
  /** The nominal time of the slot; `run ID` for a run outside any slot; `STALE`, `FAILURE_RATE`; `LEDGER CAUSE`. */
  slot: z.string(),
  status: z.enum(['open', 'acknowledged', 'resolved']),
  severity: z.enum(['P1', 'P2', 'P3']),
  reasons: z.array(z.string()),
  run_ids: z.array(z.string()),
  /** Pipelines that wait for this one. */
  held_up: z.array(z.string()),
  occurred_at: z.string(),
  detected_at: z.string(),
  notified_at: z.string().nullable(),
  acknowledged_at: z.string().nullable(),
  resolved_at: z.string().nullable(),
});
export type IncidentData = z.output<typeof incidentDataSchema>;

export const incidentDataOf = ({ incident, change }: Told): IncidentData => ({
  id: incident.id,
  change: change.kind,
  pipeline: incident.process_name,
  environment: incident.environment,
  slot: incident.slot,
  status: incident.status,
  severity: incident.severity,
  reasons: [...new Set(incident.reasons.map(({ reason }) => reason))],
  run_ids: [...incident.run_ids],
  held_up: [...(incident.held_up ?? [])],
  occurred_at: incident.occurred_at,
  detected_at: incident.detected_at,
  notified_at: incident.notified_at ?? null,
  acknowledged_at: incident.acknowledged_at ?? null,
  resolved_at: incident.resolved_at ?? null,
});
