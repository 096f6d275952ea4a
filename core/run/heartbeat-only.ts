import { epochMsOf } from '../instant.ts';
import type { Run } from './run.ts';

/** Of a run that promised no heartbeats and names no SLA. */
const MIN_LEASE_MS = 60_000;

/**
 * Whether the only news in `run` is that it lives, and that is younger than a third of its lease, or of twice its SLA. Such a change need not
 * be written: the next heartbeat brings it, well before the lease runs out.
 */
export function isHeartbeatOnly(stored: Run, run: Run): boolean {
  const quietMs = epochMsOf(run.last_event_at) - epochMsOf(stored.last_event_at);
  const { lease_ms, sla_ms } = stored;
  if (quietMs * 3 >= (lease_ms ?? (sla_ms === undefined ? MIN_LEASE_MS : 2 * sla_ms))) return false;
  return JSON.stringify(withoutLiveness(run)) === JSON.stringify(withoutLiveness(stored));
}

/** A run without the fields that every heartbeat moves: the last event, and the times at which descriptions were repeated. */
const withoutLiveness = ({ last_event_at, described, ...rest }: Run) => [
  rest,
  Object.entries(described)
    .map(([name, [, , value]]) => [name, value])
    .sort(),
];
