import { epochMsOf } from '../instant.ts';
import { type Run, wholeRun } from './run.ts';

/** Of a run that promised no heartbeats. */
const MIN_LEASE_MS = 60_000;
/** The part of a lease for which a sign of life may stay unwritten. A producer that beats on time is always written. */
const UNWRITTEN_PART = 10;

/** How long a sign of life may stay unwritten, in milliseconds: the run may have lived that much longer than is stored. */
export const unwrittenMs = (run: Run): number => Math.floor((wholeRun(run).lease_ms ?? MIN_LEASE_MS) / UNWRITTEN_PART);

/**
 * Whether the only news in `run` is that it lives, and that is so young that it need not be written: the next heartbeat
 * brings it, well before the lease runs out.
 */
export function isHeartbeatOnly(stored: Run, run: Run): boolean {
  const quietMs = epochMsOf(run.last_event_at) - epochMsOf(stored.last_event_at);
  return quietMs < unwrittenMs(stored) && sameValue(withoutLastEvent(stored), withoutLastEvent(run));
}

const withoutLastEvent = ({ last_event_at: _, ...rest }: Run): unknown => rest;

/** Whether two JSON values are the same, whatever the order of their keys; undefined is absent. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
