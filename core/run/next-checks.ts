import { type Instant, instantAfter } from '../instant.ts';
import type { RunState } from './run-view.ts';

/**
 * When an open run passes its SLA: it is late from the next millisecond on. Undefined without a start or an SLA,
 * and for an SLA that no instant can hold: producers write the greatest integer for "no limit".
 */
export const deadlineOf = ({
  start_time,
  expected_max_duration_ms,
}: Pick<RunState, 'start_time' | 'expected_max_duration_ms'>): Instant | undefined =>
  start_time === null || expected_max_duration_ms === null
    ? undefined
    : instantAfter(start_time, expected_max_duration_ms);

/**
 * The moments at which the clock alone changes the status of an open run, earliest first: it becomes late; its lease runs
 * out. A run whose lease runs out before its deadline does not become late after that. The lease is checked `unwrittenMs`
 * later, because the run may have given a sign of life that was not written.
 */
export function checkTimesOf(run: RunState, unwrittenMs: number): readonly Instant[] {
  const deadline = deadlineOf(run);
  const lateAt = deadline && instantAfter(deadline, 1);
  const late = lateAt === undefined ? [] : [lateAt];
  const silent = run.lease_expires_at && instantAfter(run.lease_expires_at, unwrittenMs);
  return silent ? [...late.filter((at) => at < silent), silent] : late;
}

/** The first of these moments that comes after the last check; undefined when none does. */
export const nextCheckOf = (check_times: readonly Instant[], checked_at: Instant | undefined): Instant | undefined =>
  check_times.find((at) => checked_at === undefined || at > checked_at);

/** What a run was checked at, once a check at `now` is done: a check that arrives late moves nothing back. */
export const checkedAtOf = (checked_at: Instant | undefined, now: Instant): Instant =>
  checked_at !== undefined && checked_at > now ? checked_at : now;
