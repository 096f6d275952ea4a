import * as z from 'zod';
import type { Instant } from '../instant.ts';
import { arrivalFolder, FOLDERS } from '../object-keys.ts';
import { CHANGE_KINDS, type Incident, type IncidentChange, subjectText } from './incident.ts';

/**
 * The log of incidents: one line for each change, in the object store, from where the lake reads it. A line holds the
 * incident as the change left it, so a store of incidents that is lost is built again from the log.
 */
export interface IncidentLine {
  readonly kind: IncidentChange['kind'];
  readonly at: Instant;
  /** Of a person's change: who made it and why. */
  readonly who?: string | undefined;
  readonly why?: string | undefined;
  readonly incident: Incident;
}

/** What became of a notice on a route. */
export interface ReceiptLine {
  readonly kind: 'receipt';
  readonly at: Instant;
  readonly incident_id: string;
  readonly change: number;
  readonly route: string;
  readonly delivered: boolean;
  /** The channel's own id of the message, or why it was not delivered. */
  readonly detail: string;
}

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

const lineSchema = z.looseObject({
  kind: z.enum(CHANGE_KINDS),
  incident: z.custom<Incident>(
    (value) => typeof value === 'object' && value !== null && 'id' in value && 'changes' in value,
  ),
});

/** The incident in a line of the log; undefined of a receipt, or of a line that is none. */
export function incidentIn(line: string): Incident | undefined {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data.incident : undefined;
  } catch {
    return undefined;
  }
}
