import { epochMsOf, type Instant } from '../instant.ts';
import { ENDED_STATUSES, STATUSES, type Status } from '../schema/status.ts';
import type { StampedError, Total, Work } from './run.ts';

export const hasEnded = (status: string): boolean => (ENDED_STATUSES as readonly string[]).includes(status);

/** By rank, strongest first. ENDED is an end that says no status: whoever asks decides what it means. */
const REPORTS = [...ENDED_STATUSES, 'ENDED', 'RETRY', 'RUNNING', 'QUEUED'] as const;
export type Report = (typeof REPORTS)[number];

/**
 * The start of the newest execution, when the work was started again under one number: it has two distinct told starts,
 * and its first end is before the last of them. What was told before that start is not shown. Undefined: it was not.
 */
export function startedAgainAt({ first_start, last_start, first_end }: Work): Instant | undefined {
  if (first_start === undefined || last_start === undefined || first_end === undefined) return undefined;
  return first_start < last_start && first_end < last_start ? last_start : undefined;
}

/** The strongest effective report of a run attempt or of a step's try. Undefined: no START and no END reported one. */
export const reportOf = (work: Work): Report | undefined => REPORTS.find((report) => isEffective(work, report));

/** An end is effective unless the work was started again after it. */
function isEffective(work: Work, report: Report): boolean {
  const said = work.statuses[report];
  return said !== undefined && (report === 'RUNNING' || report === 'QUEUED' || said[0] >= (startedAgainAt(work) ?? ''));
}

/** Two effective ends contradict each other. The text names each, strongest first, with its reporter; null: no conflict. */
export function conflictOf(work: Work): string | null {
  const statuses = ENDED_STATUSES.filter((status) => isEffective(work, status));
  return statuses.length < 2
    ? null
    : statuses.map((status) => `${status} by ${work.statuses[status]?.[2] || 'producer'}`).join(', ');
}

/** The told start of the newest execution. Null: no event told one. */
export const startOf = (work: Work): Instant | null => startedAgainAt(work) ?? work.first_start ?? null;

/** The last end that any event reported; null when none did. */
export const lastEndOf = (work: Work | undefined): Instant | null =>
  latest([...ENDED_STATUSES, 'ENDED' as const, 'RETRY' as const].map((status) => work?.statuses[status]?.[0] ?? null));

export const latest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((a, b) => (a === null ? b : b === null || a >= b ? a : b), null);

export const earliest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((a, b) => (a === null ? b : b === null || a <= b ? a : b), null);

/** A total that the newest execution reported; undefined when it reported none. */
export function totalOf(work: Work | undefined, name: Total, since = work && startedAgainAt(work)): number | undefined {
  const total = work?.totals[name];
  return total !== undefined && total[0] >= (since ?? '') ? total[2] : undefined;
}

/** The first error of the newest execution, as far as it is kept; undefined when it told none. */
export function errorOf(work: Work | undefined, since = work && startedAgainAt(work)): StampedError | undefined {
  return [work?.first_error, work?.last_error].find((error) => error !== undefined && error[0] >= (since ?? ''));
}

/**
 * The duration that an END reported, else the time from told start to told end, in milliseconds. Null when either is
 * unknown, or when they are out of order: then one of the two clocks is wrong.
 */
export function durationOf(work: Work | undefined, start: Instant | null, end: Instant | null): number | null {
  const reported = totalOf(work, 'duration_ms');
  if (reported !== undefined) return reported;
  if (start === null || end === null) return null;
  const durationMs = epochMsOf(end) - epochMsOf(start);
  return durationMs >= 0 ? durationMs : null;
}

/** The columns of an error; all null when there is none. */
export const errorColumnsOf = (error: StampedError | undefined) => ({
  error_code: error?.[2] || null,
  error_message: error?.[3] || null,
  error_retryable: error?.[4] === 'true' ? true : error?.[4] === 'false' ? false : null,
});

/** The worst of several ends; undefined when there is none. */
export const worstOf = (statuses: readonly Status[]): Status | undefined =>
  STATUSES.find((status) => statuses.includes(status));
