import type { IncidentDecision } from '../core/alert/decision.ts';
import type { ExpectedSlot } from '../core/alert/expected-slot.ts';
import type { Incident } from '../core/alert/incident.ts';
import type { RestoredIncidents } from '../core/alert/restored-incidents.ts';
import type { Silence } from '../core/alert/silence.ts';
import type { Instant } from '../core/instant.ts';
import type { Applied, AppliedPipelines } from '../core/pipelines/applied.ts';
import type { Delivery } from '../core/ports/channel.ts';
import type { IncidentFilter } from '../core/ports/incident-store.ts';

/** What is expected of pipelines, what is wrong with them, and what people decide about it. */
export interface LedgerAlerts {
  /** Incidents, the latest first. */
  incidents(filter: IncidentFilter): Promise<readonly Incident[]>;
  /** Acknowledges or resolves an incident. Returns it as it is then; undefined when there is none of that id. */
  decide(decision: IncidentDecision): Promise<Incident | undefined>;
  /** Silences that have not ended. */
  silences(): Promise<readonly Silence[]>;
  silence(silence: Silence): Promise<void>;
  /** Ends a silence now, by `who`. False: there is none of that id. */
  endSilence(id: string, who?: string): Promise<boolean>;
  /** The slots from one moment (included) to another (not included), beside what came of them. */
  expected(from: Instant, until: Instant): Promise<readonly ExpectedSlot[]>;
  /** The file of pipelines that holds; undefined without one. */
  pipelines(): Promise<AppliedPipelines | undefined>;
  /** Lets a file of pipelines hold from now on, by `who`. One with a problem changes nothing. */
  applyPipelines(text: string, who?: string): Promise<Applied>;
  /** Builds a lost store of incidents again from their log. Repeating it changes nothing. */
  restoreIncidents(): Promise<RestoredIncidents>;
  /** Sends a real message on a route of the file that holds. What went wrong is in the answer. */
  testRoute(route: string): Promise<Delivery>;
}
