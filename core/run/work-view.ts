import { epochMsOf, type Instant } from '../instant.ts';
import { ENDED_STATUSES, STATUSES, type Status } from '../schema/status.ts';
import type { Work } from './run.ts';

export const hasEnded = (status: string): boolean => (ENDED_STATUSES as readonly string[]).includes(status);

/** The strongest effective status of a run attempt or of a step's try. Null: no START and no END reported one. */
export const reportedStatus = (work: Work): Status | null =>
  STATUSES.find((status) => isEffective(work, status)) ?? null;

/**
 * A status reported at an end is effective unless the work was started again after that end: it has two distinct
 * starts under one number, and the later one is after the end.
 */
function isEffective(work: Work, status: Status): boolean {
  const report = work.statuses[status];
  if (report === undefined) return false;
  if (status === 'RUNNING' || status === 'QUEUED') return true;
  const { first_start, last_start } = work;
  const startedAgain = first_start !== undefined && last_start !== undefined && first_start < last_start;
  return !(startedAgain && last_start > report[0]);
}

/** Two effective ends contradict each other. The text names each, strongest first, with its reporter; null: no conflict. */
export function conflictOf(work: Work): string | null {
  const statuses = ENDED_STATUSES.filter((status) => isEffective(work, status));
  return statuses.length < 2
    ? null
    : statuses.map((status) => `${status} by ${work.statuses[status]?.[2] || 'producer'}`).join(', ');
}

/** The start that an event reported, else the time of the first event. */
export const startOf = (work: Work): Instant => work.start_time ?? work.first_event_at;

/** The last end that any event reported; null when none did. */
export const lastEndOf = (work: Work | undefined): Instant | null =>
  latest(
    STATUSES.filter((status) => status !== 'RUNNING' && status !== 'QUEUED').map(
      (status) => work?.statuses[status]?.[0] ?? null,
    ),
  );

export const latest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((a, b) => (a === null ? b : b === null || a >= b ? a : b), null);

/**
 * The reported duration, else the time from start to end, in milliseconds. Null when the end is unknown or before the
 * start: then one of the two clocks is wrong, and the duration is unknown.
 */
export function durationOf(work: Work | undefined, start: Instant, end: Instant | null): number | null {
  const reported = work?.totals.duration_ms?.[2];
  if (reported !== undefined) return reported;
  if (end === null) return null;
  const durationMs = epochMsOf(end) - epochMsOf(start);
  return durationMs >= 0 ? durationMs : null;
}

/** The columns of an error; all null when there is none. */
export const errorColumnsOf = (error: Work['error']) => ({
  error_code: error?.[2] || null,
  error_message: error?.[3] || null,
  error_retryable: error?.[4] === 'true' ? true : error?.[4] === 'false' ? false : null,
});
