import type { RowOf } from '../schema/column-type.ts';
import type { stepStateColumns } from '../schema/columns.ts';
import type { Status } from '../schema/event.ts';
import { mergeStep, type Run, type Step, type Total, type Work } from './run.ts';
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

/** What people see of one step. `runStatus` and `runDate` are those of its run. */
export function stepStateOf(run: Run, step: Step, runStatus: Status, runDate: string): StepState {
  const { work } = step;
  const status = stepStatusOf(step);
  const ended = hasEnded(status);
  const start = startOf(work);
  const end = ended ? lastEndOf(work) : null;
  const total = (name: Total) => totalOf(work, name) ?? null;
  return {
    environment: run.environment,
    process_name: run.process_name,
    run_id: run.run_id,
    run_date: runDate,
    step_name: step.step_name,
    step_index: step.step_index ?? null,
    run_attempt: step.run_attempt,
    attempt: step.attempt,
    status: ended || !hasEnded(runStatus) ? status : leftOpen(work, runStatus),
    start_time: start,
    end_time: end,
    duration_ms: ended ? durationOf(work, start, end) : null,
    records_in: total('records_in'),
    records_out: total('records_out'),
    data_size_bytes_in: total('data_size_bytes_in'),
    data_size_bytes_out: total('data_size_bytes_out'),
    ...errorColumnsOf(errorOf(work)),
  };
}

/** Some producers emit ERROR instead of a failed STEP_END and leave the step open: in a run that went wrong, it failed. */
const leftOpen = (work: Work, runStatus: Status): 'FAILED' | 'ABANDONED' =>
  errorOf(work) !== undefined && runStatus !== 'SUCCESS' && runStatus !== 'SKIPPED' ? 'FAILED' : 'ABANDONED';

/**
 * The steps of a run, ordered by step_index (none last), then name. A step without an index is joined with the step of
 * its name, when only one index has that name.
 */
export function joinedSteps(steps: Run['steps']): readonly Step[] {
  const all = Object.values(steps);
  const joined = all.filter((step) => step.step_index !== undefined);
  for (const step of all.filter((each) => each.step_index === undefined)) {
    const namesakes = joined.filter((each) => each.step_name === step.step_name && each.step_index !== undefined);
    const [only] = namesakes;
    if (namesakes.length === 1 && only) {
      joined[joined.indexOf(only)] = mergeStep(only, { ...step, step_index: only.step_index });
    } else joined.push(step);
  }
  return joined.sort((a, b) => indexRank(a) - indexRank(b) || compareText(a.step_name, b.step_name));
}

const indexRank = (step: Step): number => step.step_index ?? Number.MAX_SAFE_INTEGER;
