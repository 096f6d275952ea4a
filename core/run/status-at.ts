import { epochMsOf, type Instant } from '../instant.ts';
import type { ShownStatus } from '../schema/status.ts';
import type { RunState } from './run-view.ts';
import { hasEnded } from './work-view.ts';

/**
 * The status of a run at a moment. An open run that has been silent for two thirds of its lease is SUSPECT. When the
 * lease has run out, it is FAILED if its last report was a failure, else LOST. A later event always wins, because it
 * extends the lease. The SQL twin is `sql/fragments/status-at.sql`.
 */
export function statusAt(
  run: Pick<RunState, 'status' | 'last_event_at' | 'lease_ms' | 'lease_expires_at' | 'last_event_failed'>,
  now: Instant,
): ShownStatus {
  const status = run.status ?? 'RUNNING';
  if (hasEnded(status) || run.last_event_at === null || run.lease_expires_at === null || run.lease_ms === null)
    return status;
  if (now >= run.lease_expires_at) return run.last_event_failed ? 'FAILED' : 'LOST';
  const silentMs = epochMsOf(now) - epochMsOf(run.last_event_at);
  return 3 * silentMs >= 2 * run.lease_ms ? 'SUSPECT' : status;
}
