import { type Incident, type Subject, subjectText, unsentSince } from '../../core/alert/incident.ts';
import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { Versioned } from './change-item.ts';
import type { Key } from './items.ts';
import { partitionOf } from './partition-of.ts';
import { PARTITIONS } from './table.ts';

/** An incident in the table. It shares the indexes of runs, in partitions of its own. */
export interface IncidentItem extends Versioned {
  readonly kind: 'incident';
  /** JSON. */
  readonly incident: string;
  readonly environment: string;
  /** See `pipelinePartition`. */
  readonly process_name: string;
  /** See `listPosition`. */
  readonly start_time: string;
  /** Only while it has notices to be sent. */
  readonly open?: 'incident' | undefined;
  /** Since when the oldest of them waits. */
  readonly next_check_at?: Instant | undefined;
  readonly expires_at?: number | undefined;
}

/** One that was resolved stays this long. */
const KEPT_MS = 400 * 86_400_000;

export const incidentKey = (subject: Subject): Key => ({
  pk: partitionOf(PARTITIONS.incident, subjectText(subject)),
  sk: 'incident',
});

/** Where a pipeline's incidents are in the index of runs by pipeline: not under its name, where its runs are. */
export const pipelinePartition = (process_name: string): string => partitionOf(PARTITIONS.incident, process_name);

/** The indexes sort open incidents apart from resolved ones, each by detection: few are open, and they are read often. */
export const listPosition = (state: 'open' | 'resolved', detected_at: Instant): string => `${state} ${detected_at}`;

export function incidentItem(incident: Incident): Omit<IncidentItem, keyof Versioned> {
  const { environment, process_name, status, detected_at, resolved_at } = incident;
  const unsent = unsentSince(incident);
  return {
    kind: 'incident',
    incident: JSON.stringify(incident),
    environment,
    process_name: pipelinePartition(process_name),
    start_time: listPosition(status === 'resolved' ? 'resolved' : 'open', detected_at),
    ...(unsent === undefined ? {} : { open: 'incident', next_check_at: unsent }),
    ...(resolved_at === undefined ? {} : { expires_at: Math.ceil((epochMsOf(resolved_at) + KEPT_MS) / 1000) }),
  };
}

export const incidentIn = (item: IncidentItem): Incident => JSON.parse(item.incident) as Incident;
