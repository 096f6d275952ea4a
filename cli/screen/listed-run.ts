import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';

/** A run as lists show it: the live answer has some of it, the question `find-runs` all. */
export interface ListedRun
  extends Pick<
    ShownRun,
    | 'environment'
    | 'process_name'
    | 'run_id'
    | 'status'
    | 'status_conflict'
    | 'start_time'
    | 'end_time'
    | 'duration_ms'
    | 'records_in'
    | 'records_out'
    | 'error_code'
    | 'error_message'
    | 'error_step'
    | 'owner'
  > {
  /** What the list is ordered by: its start, else when it was queued or first heard of. */
  readonly listed_at: string | null;
  readonly is_late: boolean | null;
  /** The most tries that a step of it took, where known. */
  readonly tries?: number | null;
  /** Data-quality checks that failed, where known. */
  readonly failed_checks?: number | null;
}

/** A live run, as lists show it. */
export function listedOf(run: ShownRun, now: Instant): ListedRun {
  const tookMs =
    run.end_time === null && run.start_time !== null ? epochMsOf(now) - epochMsOf(run.start_time) : run.duration_ms;
  const sla = run.expected_max_duration_ms;
  return {
    ...run,
    listed_at: run.start_time ?? run.queued_at ?? run.first_event_at,
    is_late: sla !== null && tookMs !== null && tookMs > sla,
  };
}
