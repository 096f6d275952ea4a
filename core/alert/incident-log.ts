import * as z from 'zod';
import type { Instant } from '../instant.ts';
import { arrivalFolder, FOLDERS } from '../object-keys.ts';
import { asOf, type Told } from './as-of.ts';
import { CHANGE_KINDS, type Incident, type IncidentChange, subjectText } from './incident.ts';

/**
 * The log of incidents: one line for each change, decision and receipt, in the object store, from where the lake reads it.
 * A line holds the whole incident as it was when it was written, so a store of incidents that is lost is built again from
 * the log.
 */
export interface IncidentLine extends LoggedIncident {
  readonly kind: IncidentChange['kind'];
  readonly changed_at: Instant;
  /** Of a person's change: who made it and why. */
  readonly who?: string | undefined;
  readonly why?: string | undefined;
  readonly incident: Incident;
}

/** What became of a notice on a route. */
export interface ReceiptLine extends LoggedIncident {
  readonly kind: 'receipt';
  readonly changed_at: Instant;
  readonly route: string;
  readonly delivered: boolean;
  /** The channel's own id of the message, or why it was not delivered. */
  readonly detail: string;
}

/** What every line says of its incident, flat, as SQL reads it. */
interface LoggedIncident {
  readonly incident_id: string;
  readonly change: number;
  /** The kind of the change that the line is about. */
  readonly about: IncidentChange['kind'];
  readonly environment: string;
  readonly process_name: string;
  readonly slot: string;
  readonly status: string;
  readonly severity: string;
  /** Joined by a comma and a space. */
  readonly reasons: string;
  readonly run_ids: string;
  /** What was found, the newest last. */
  readonly summary: string;
  readonly occurred_at: Instant;
  readonly detected_at: Instant;
  readonly notified_at?: Instant | undefined;
  readonly acknowledged_at?: Instant | undefined;
  readonly resolved_at?: Instant | undefined;
}

function loggedIncident(told: Told): LoggedIncident {
  const incident = asOf(told);
  const { notified_at, acknowledged_at, resolved_at, reasons } = incident;
  return {
    incident_id: incident.id,
    change: told.change.number,
    about: told.change.kind,
    environment: incident.environment,
    process_name: incident.process_name,
    slot: incident.slot,
    status: incident.status,
    severity: incident.severity,
    reasons: [...new Set(reasons.map(({ reason }) => reason))].join(', '),
    run_ids: incident.run_ids.join(', '),
    summary: reasons.map(({ text }) => text).join('; '),
    occurred_at: incident.occurred_at,
    detected_at: incident.detected_at,
    notified_at,
    acknowledged_at,
    resolved_at,
  };
}

/** The line of a change. `decision`: who made it and why, of one that a person made. */
export const incidentLine = (
  { incident, change }: Told,
  decision: Pick<IncidentLine, 'who' | 'why'> = {},
): IncidentLine => ({
  ...loggedIncident({ incident, change }),
  kind: change.kind,
  changed_at: change.at,
  ...decision,
  incident,
});

export const receiptLine = (
  told: Told,
  receipt: Pick<ReceiptLine, 'changed_at' | 'route' | 'delivered' | 'detail'>,
): ReceiptLine => ({ ...loggedIncident(told), kind: 'receipt', ...receipt });

/**
 * The key of the line of a change: the same whoever writes it, so that writing it twice changes nothing. `about` tells
 * further lines about the same change from it.
 */
export function incidentLineKey(
  incident: Incident,
  number: number,
  hash: (text: string) => string,
  about?: string,
): string {
  const { detected_at } = incident;
  const parts = [hash(subjectText(incident)), detected_at.replace(/\D/g, ''), String(number).padStart(4, '0'), about];
  return `${arrivalFolder(FOLDERS.incidents, detected_at)}${parts.filter((part) => part !== undefined).join('-')}.ndjson`;
}

const changeSchema = z.looseObject({
  kind: z.enum(CHANGE_KINDS),
  incident: z.custom<Incident>(
    (value) => typeof value === 'object' && value !== null && 'id' in value && 'changes' in value,
  ),
});
const receiptSchema = z.looseObject({
  kind: z.literal('receipt'),
  changed_at: z.string(),
  incident_id: z.string(),
  change: z.int(),
  route: z.string(),
  delivered: z.boolean(),
});
const lineSchema = z.union([changeSchema, receiptSchema]);
export type LoggedLine = z.output<typeof lineSchema>;

/** A line of the log; undefined of what is none. */
export function loggedLine(text: string): LoggedLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The incident in a line of the log; undefined of a receipt, or of a line that is none. */
export function incidentIn(text: string): Incident | undefined {
  const line = loggedLine(text);
  return line === undefined || line.kind === 'receipt' ? undefined : line.incident;
}
