import type { Instant } from '../instant.ts';
import type { Reason } from './condition.ts';
import type { Incident } from './incident.ts';

/** What the pipelines that one depends on mean for its lateness. */
export interface Upstream {
  /** The open incident that it waits for: its own lateness is part of that. */
  readonly incident?: Incident | undefined;
  /** When the last of them was over: from then on it has the time that it has after its slot. */
  readonly freed_at?: Instant | undefined;
}

/** Incidents that keep data from those who wait for it. */
const HOLDS_UP: ReadonlySet<Reason> = new Set([
  'FAILED',
  'RETRIES_EXHAUSTED',
  'STEP_FAILED_AND_SILENT',
  'STALLED',
  'NOT_STARTED',
  'NOT_FINISHED_BY',
  'SLA_BREACH',
  'LONGER_THAN_USUAL',
  'STALE',
]);

/**
 * What the latest incidents of the pipelines upstream mean for what was due to begin at `since`, and was late from `due`
 * on. What went wrong upstream only later, and is over, did not hold it up.
 */
export function upstreamOf(incidents: readonly Incident[], since: Instant, due: Instant): Upstream {
  const holding = incidents.filter(({ reasons }) => reasons.some(({ reason }) => HOLDS_UP.has(reason)));
  const open = holding.filter(({ status }) => status !== 'resolved');
  const [incident] = open.sort((a, b) => (a.detected_at < b.detected_at ? -1 : 1));
  const freed_at = holding
    .flatMap(({ occurred_at, resolved_at }) => (resolved_at !== undefined && occurred_at <= due ? [resolved_at] : []))
    .filter((at) => at > since)
    .sort()
    .at(-1);
  return { incident, freed_at };
}
