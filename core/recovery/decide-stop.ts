import { durationShown } from '../format.ts';
import { type Instant, instantAfter } from '../instant.ts';
import type { RunState } from '../run/run-view.ts';
import { statusAt } from '../run/status-at.ts';
import type { RecoveryPolicy } from './policy.ts';

/** When a run is stopped if it still runs then; undefined: never. */
export const stopAt = (
  { start_time }: Pick<RunState, 'start_time'>,
  { kill_after }: Pick<RecoveryPolicy, 'kill_after'>,
): Instant | undefined =>
  start_time === null || kill_after === undefined ? undefined : instantAfter(start_time, kill_after);

/**
 * Why a run is to be stopped at a moment; undefined: it is not. Only one that says of itself that it runs: what is silent
 * may have ended, or may be somebody else's by now.
 */
export function decideStop(run: RunState, policy: RecoveryPolicy, now: Instant): string | undefined {
  const at = stopAt(run, policy);
  if (at === undefined || policy.paused || now < at || statusAt(run, now) !== 'RUNNING') return undefined;
  return `it has been running for longer than ${durationShown(policy.kill_after ?? 0)}`;
}
