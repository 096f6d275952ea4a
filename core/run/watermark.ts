import type { Instant } from '../instant.ts';
import type { Run } from './run.ts';
import { viewOf } from './run-view.ts';

/** How far a pipeline's data has come in one environment, and which run brought it there. As the view `watermarks` has it. */
export interface Watermark {
  /** The greatest end of a data interval that a successful run covered. Absent: none told an interval. */
  readonly data_until?: Instant | undefined;
  readonly data_until_run_id?: string | undefined;
  /** The greatest end of a successful run; of two, the run with the greater id. Absent: none succeeded. */
  readonly last_success_at?: Instant | undefined;
  readonly last_success_run_id?: string | undefined;
}

/**
 * How far one run brought the data: nowhere unless it succeeded. `set_at`: when the watermark was last set by hand; only what
 * ended since moves it on.
 */
export function watermarkOf(run: Run, set_at?: Instant): Watermark {
  const { status, data_interval_end, end_time } = viewOf(run).run;
  const { run_id } = run;
  if (status !== 'SUCCESS') return {};
  return {
    ...(data_interval_end !== null &&
      isSince(end_time, set_at) && { data_until: data_interval_end, data_until_run_id: run_id }),
    ...(end_time !== null && { last_success_at: end_time, last_success_run_id: run_id }),
  };
}

const isSince = (end_time: Instant | null, set_at: Instant | undefined): boolean =>
  set_at === undefined || (end_time !== null && end_time > set_at);

export function furthest(a: Watermark, b: Watermark): Watermark {
  const data = isFurther(b.data_until, b.data_until_run_id, a.data_until, a.data_until_run_id) ? b : a;
  const last = isFurther(b.last_success_at, b.last_success_run_id, a.last_success_at, a.last_success_run_id) ? b : a;
  return {
    ...(data.data_until && { data_until: data.data_until, data_until_run_id: data.data_until_run_id }),
    ...(last.last_success_at && {
      last_success_at: last.last_success_at,
      last_success_run_id: last.last_success_run_id,
    }),
  };
}

/** Whether a watermark stands on this run, which does not reach it any more: it was started again, or failed after all. */
export function isWithdrawn(mark: Watermark, run: Run): boolean {
  const reached = watermarkOf(run);
  return (
    (mark.data_until_run_id === run.run_id && (reached.data_until ?? '') < (mark.data_until ?? '')) ||
    (mark.last_success_run_id === run.run_id && (reached.last_success_at ?? '') < (mark.last_success_at ?? ''))
  );
}

/** Whether the run may have succeeded at any time: of one whose first attempt is under way it is known that it has not. */
export const mayHaveSucceeded = ({ opened }: Run): boolean =>
  opened === undefined ||
  opened.run_attempt > 1 ||
  Object.keys(opened.work.statuses).some((status) => status !== 'RUNNING' && status !== 'QUEUED');

const isFurther = (
  instant: Instant | undefined,
  run_id: string | undefined,
  than: Instant | undefined,
  thanRun: string | undefined,
): boolean =>
  instant !== undefined &&
  (than === undefined || instant > than || (instant === than && (run_id ?? '') > (thanRun ?? '')));
