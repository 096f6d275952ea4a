import type { RowOf } from '../schema/column-type.ts';
import type { stepStateColumns } from '../schema/columns.ts';
import type { ShownStatus, Status } from '../schema/status.ts';
import { type Facts, mergeStep, type RunKey, type Step, type Total } from './run.ts';
import { compareText } from './stamped.ts';
import { durationOf, errorColumnsOf, errorOf, hasEnded, lastEndOf, reportOf, startOf, totalOf } from './work-view.ts';

/** A row of `pipeline_step_state`. */
export type StepState = RowOf<typeof stepStateColumns>;

/** The status that a step's shown try reported. An END that says no status is as good as its try: an error failed it. */
export function stepStatusOf({ work }: Step): Status {
  const report = reportOf(work);
  if (report !== 'ENDED') return report ?? 'RUNNING';
  return errorOf(work) === undefined ? 'SUCCESS' : 'FAILED';
}

/** A row of `pipeline_steps`: a step as it is stored, without the clock. `runStatus` and `runDate` are those of its run. */
export function stepStateOf(run: RunKey, step: Step, runStatus: Status, runDate: string): StepState {
  const { work } = step;
  const reported = stepStatusOf(step);
  const ended = hasEnded(reported);
  const start = startOf(work);
  const end = ended ? lastEndOf(work) : null;
  const total = (name: Total) => totalOf(work, name) ?? null;
  const error = errorOf(work);
  return {
    environment: run.environment,
    process_name: run.process_name,
    run_id: run.run_id,
    run_date: runDate,
    step_name: step.step_name,
    step_index: step.step_index ?? null,
    map_index: step.map_index ?? null,
    run_attempt: step.run_attempt,
    attempt: step.attempt,
    status: stepStatusIn(runStatus, reported, error !== undefined),
    start_time: start,
    end_time: end,
    duration_ms: ended ? durationOf(work, start, end) : null,
    records_in: total('records_in'),
    records_out: total('records_out'),
    data_size_bytes_in: total('data_size_bytes_in'),
    data_size_bytes_out: total('data_size_bytes_out'),
    ...errorColumnsOf(error),
  };
}

/**
 * The status of a step in a run of that status. A step left open in a run that ended, or is lost, is ABANDONED. Some
 * producers emit ERROR instead of a failed STEP_END and leave the step open: in a run that went wrong, it FAILED. The
 * SQL twins are `sql/tables/pipeline_steps.sql` and, by the clock, `sql/views/pipeline_step_state.sql`.
 */
export function stepStatusIn(
  runStatus: ShownStatus,
  status: Status | 'ABANDONED',
  hasError: boolean,
): Status | 'ABANDONED' {
  if (hasEnded(status) || status === 'ABANDONED' || !(hasEnded(runStatus) || runStatus === 'LOST')) return status;
  return hasError && runStatus !== 'SUCCESS' && runStatus !== 'SKIPPED' ? 'FAILED' : 'ABANDONED';
}

/**
 * The steps of a run, ordered by step_index (none last), name, then map_index (none last). A step without an index is
 * joined with the step of its name and instance, when only one index has them.
 */
export function joinedSteps(steps: Facts['steps']): readonly Step[] {
  const all = Object.values(steps);
  const joined = all.filter((step) => step.step_index !== undefined);
  for (const step of all.filter((each) => each.step_index === undefined)) {
    const namesakes = joined.filter((each) => each.step_index !== undefined && isNamesake(each, step));
    const [only] = namesakes;
    if (namesakes.length === 1 && only) {
      joined[joined.indexOf(only)] = mergeStep(only, { ...step, step_index: only.step_index });
    } else joined.push(step);
  }
  return joined.sort(
    (a, b) =>
      rankOf(a.step_index) - rankOf(b.step_index) ||
      compareText(a.step_name, b.step_name) ||
      rankOf(a.map_index) - rankOf(b.map_index),
  );
}

const isNamesake = (a: Step, b: Step): boolean => a.step_name === b.step_name && a.map_index === b.map_index;

const rankOf = (index: number | undefined): number => index ?? Number.MAX_SAFE_INTEGER;
