import type { Incident, Subject } from '../alert/incident.ts';
import type { Instant } from '../instant.ts';

/**
 * The latest incident of each subject. It outlives a rebuild of the live store: what people decided is not in the raw
 * lines. Every method throws when the store cannot be reached or written. Lists may lag behind a change by moments; what
 * they name is always as it is now.
 */
export interface IncidentStore {
  /**
   * Changes the incident of a subject in one step: `change` is given what is stored, and what it returns is stored. It
   * is called again when another writer came between, so two evaluators open one incident. When it returns undefined, or
   * what it was given, nothing is written; what it throws is thrown. Returns what is stored now.
   */
  changeIncident(
    subject: Subject,
    change: (stored: Incident | undefined) => Incident | undefined,
  ): Promise<Incident | undefined>;
  /** The one of this id, if it is the latest of its subject. Any text may be asked for. */
  incidentOf(id: string): Promise<Incident | undefined>;
  /** Latest detection first. */
  listIncidents(filter: IncidentFilter): Promise<readonly Incident[]>;
  /** Incidents with something in their outbox, the longest waiting first. */
  unsentIncidents(limit: number): Promise<readonly Incident[]>;
}

export interface IncidentFilter {
  readonly environment?: string | undefined;
  readonly process_name?: string | undefined;
  /** Leaves out those that are resolved. */
  readonly open?: boolean | undefined;
  /** Detected at or after this moment. */
  readonly since?: Instant | undefined;
  readonly limit: number;
}
