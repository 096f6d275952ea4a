import { epochMsOf, type Instant } from '../instant.ts';
import { hasEnded, type RunState } from './run-view.ts';

/** A run as the clock sees it: reported, or silent for too long. */
export type ShownStatus = NonNullable<RunState['status']> | 'SUSPECT' | 'LOST';

/**
 * The status of a run at a moment. An open run that has been silent for two thirds of its lease is SUSPECT; when the
 * lease has run out it is FAILED if its last word was an error, else LOST. A later event always wins, because it moves
 * the lease. The SQL fragment `sql/fragments/status-at.sql` says the same.
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
