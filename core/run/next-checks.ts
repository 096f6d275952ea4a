import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { RunState } from './run-view.ts';

/** When an open run passes its SLA: it is late from the next millisecond on. */
export const deadlineOf = ({
  start_time,
  expected_max_duration_ms,
}: Pick<RunState, 'start_time' | 'expected_max_duration_ms'>): Instant | undefined =>
  start_time === null || expected_max_duration_ms === null
    ? undefined
    : instantOf(epochMsOf(start_time) + expected_max_duration_ms);

/**
 * The moments at which the clock alone changes what is said of an open run, earliest first: it is late; it is silent. One
 * that would fall silent before its SLA is over is not late after that.
 */
export function checkTimesOf(run: RunState): readonly Instant[] {
  const deadline = deadlineOf(run);
  const late = deadline === undefined ? [] : [instantOf(epochMsOf(deadline) + 1)];
  const silent = run.lease_expires_at;
  return silent === null ? late : [...late.filter((at) => at < silent), silent];
}

/** The first of these moments that comes after the last look. */
export const nextCheckOf = (check_times: readonly Instant[], checkedAt: Instant | undefined): Instant | undefined =>
  check_times.find((look) => checkedAt === undefined || look > checkedAt);
