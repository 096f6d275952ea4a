import type { ListedRun } from '../http/run-rows.ts';

/** How long it took, or has been taking at this moment; null where that is not known. */
export function tookMs(
  { start_time, end_time, duration_ms, status, last_event_at }: TimedWork,
  now: number,
): number | null {
  if (duration_ms !== null) return duration_ms;
  if (start_time === null || end_time !== null) return null;
  const until = isOver(status) ? Date.parse(last_event_at ?? '') : now;
  return Number.isNaN(until) ? null : Math.max(0, until - Date.parse(start_time));
}

type TimedWork = Pick<ListedRun, 'start_time' | 'end_time' | 'duration_ms'> & {
  readonly status: string | null;
  readonly last_event_at?: string | null;
};

const OPEN: ReadonlySet<string> = new Set(['RUNNING', 'QUEUED', 'RETRY', 'SUSPECT']);
const FAILED: ReadonlySet<string> = new Set(['FAILED', 'TIMED_OUT', 'LOST']);

/** It goes on, as far as is known. */
export const isOpen = (status: string | null): boolean => OPEN.has(status ?? '');
export const hasFailed = (status: string | null): boolean => FAILED.has(status ?? '');
const isOver = (status: string | null): boolean => !isOpen(status);

/** By how much it is over its SLA; 0 where it is not, or none is known. */
export function overSlaMs(run: ListedRun, now: number): number {
  const took = tookMs(run, now);
  const sla = run.expected_max_duration_ms;
  return took === null || sla === null || run.status === 'QUEUED' ? 0 : Math.max(0, took - sla);
}

/** It goes on, and has for longer than it may. */
export const isLate = (run: ListedRun, now: number): boolean => isOpen(run.status) && overSlaMs(run, now) > 0;

/** The moment that places it in a list: its start, else when it was first told of. */
export const startOf = (run: Pick<ListedRun, 'start_time' | 'queued_at' | 'first_event_at'>): string | null =>
  run.start_time ?? run.queued_at ?? run.first_event_at;
