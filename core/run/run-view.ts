import { dateOf, epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { RowOf } from '../schema/column-type.ts';
import type { runStateColumns } from '../schema/columns.ts';
import { STATUSES, type Status } from '../schema/status.ts';
import type { Descriptor, Run, Step, Total, Work } from './run.ts';
import { compareStamped, compareText } from './stamped.ts';
import { joinedSteps, type StepState, stepStateOf } from './step-view.ts';
import {
  conflictOf,
  durationOf,
  errorColumnsOf,
  hasEnded,
  lastEndOf,
  latest,
  reportedStatus,
  startOf,
} from './work-view.ts';

/** A row of `pipeline_run_state`. */
export type RunState = RowOf<typeof runStateColumns>;

export interface RunView {
  readonly run: RunState;
  /** Ordered by step_index (none last), then name. */
  readonly steps: readonly StepState[];
}

/** How long a silence is normal when no event says so: 24 h. */
export const DEFAULT_LEASE_MS = 86_400_000;

/**
 * What people see of a run. Its SQL twin derives the same rows from the same events: `sql/fragments/run-state.sql` and
 * `sql/fragments/steps.sql`.
 */
export function viewOf(run: Run): RunView {
  const steps = joinedSteps(run.steps);
  const attempt = run.opened ?? run.highest_attempt;
  const work: Work | undefined = run.attempts[attempt];
  const course = run.opened === undefined ? stepsView(run, work, steps) : ownView(run, work, steps);
  const runDate = dateOf(course.start_time);
  const stepError = stepErrorOf(steps);

  const row: RunState = {
    environment: run.environment,
    process_name: run.process_name,
    run_id: run.run_id,
    run_date: runDate,
    status: course.status,
    status_conflict: course.status_conflict,
    run_attempt: attempt,
    start_time: course.start_time,
    end_time: course.end_time,
    duration_ms: course.duration_ms,
    ...totalsOf(run, work, steps),
    steps: steps.length,
    memory_used_bytes: run.memory_used_bytes ?? null,
    ...errorColumnsOf(work?.error ?? stepError?.error),
    error_step: stepError?.step ?? null,
    ...descriptionOf(run),
    ...activityOf(run),
  };
  return { run: row, steps: steps.map((step) => stepStateOf(run, step, course.status, runDate)) };
}

/** How a run went. End and duration are null while it is open. */
interface Course {
  readonly status: Status;
  readonly status_conflict: string | null;
  readonly start_time: Instant;
  readonly end_time: Instant | null;
  readonly duration_ms: number | null;
}

/** A run that a RUN_* event opened: the events of its attempt decide. */
function ownView(run: Run, work: Work | undefined, steps: readonly Step[]): Course {
  const status = (work && reportedStatus(work)) ?? 'RUNNING';
  const ended = hasEnded(status);
  const start = work ? startOf(work) : earliestStartOf(run, worksOf(steps));
  const end = ended ? lastEndOf(work) : null;
  return {
    status,
    status_conflict: work ? conflictOf(work) : null,
    start_time: start,
    end_time: end,
    duration_ms: ended ? durationOf(work, start, end) : null,
  };
}

/** A run without RUN_* events: its steps decide. It is as bad as the worst of them, once all have ended. */
function stepsView(run: Run, work: Work | undefined, steps: readonly Step[]): Course {
  const status = worstOf(steps);
  const ended = hasEnded(status);
  const start = earliestStartOf(run, work ? [work, ...worksOf(steps)] : worksOf(steps));
  const end = ended ? latest(worksOf(steps).map(lastEndOf)) : null;
  return {
    status,
    status_conflict: null,
    start_time: start,
    end_time: end,
    duration_ms: ended ? durationOf(undefined, start, end) : null,
  };
}

const worksOf = (steps: readonly Step[]): readonly Work[] => steps.map((step) => step.work);

const earliestStartOf = (run: Run, works: readonly Work[]): Instant =>
  works.map(startOf).sort(compareText)[0] ?? run.first_event_at;

function worstOf(steps: readonly Step[]): Status {
  const statuses = steps.map((step) => reportedStatus(step.work) ?? 'RUNNING');
  if (statuses.length === 0 || statuses.some((status) => !hasEnded(status))) return 'RUNNING';
  return STATUSES.find((status) => statuses.includes(status)) as Status;
}

const totalsOf = (run: Run, work: Work | undefined, steps: readonly Step[]) => ({
  records_in: totalOf(run, work, steps, 'records_in'),
  records_out: totalOf(run, work, steps, 'records_out'),
  data_size_bytes_in: totalOf(run, work, steps, 'data_size_bytes_in'),
  data_size_bytes_out: totalOf(run, work, steps, 'data_size_bytes_out'),
});

/** The run's own total, else the exact sum over its steps. Null when no event has a count, or no safe integer holds the sum. */
function totalOf(run: Run, work: Work | undefined, steps: readonly Step[], name: Total): number | null {
  const own = work?.totals[name]?.[2];
  if (own !== undefined) return own;
  if (run.steps_truncated) return null;
  const counted = steps.flatMap((step) => step.work.totals[name]?.[2] ?? []);
  const sum = counted.reduce((a, b) => a + b, 0);
  return counted.length === 0 || sum > Number.MAX_SAFE_INTEGER ? null : sum;
}

/** The first error among the steps' shown tries, and the name of its step. */
function stepErrorOf(steps: readonly Step[]): { error: NonNullable<Work['error']>; step: string } | undefined {
  return steps
    .flatMap(({ work, step_name }) => (work.error ? [{ error: work.error, step: step_name }] : []))
    .sort((a, b) => compareStamped(a.error, b.error) || compareText(a.step, b.step))[0];
}

function descriptionOf({ described }: Run) {
  const value = (name: Descriptor) => described[name]?.[2] ?? null;
  const text = (name: Descriptor) => value(name) as string | null;
  return {
    expected_max_duration_ms: value('expected_max_duration_ms') as number | null,
    scheduled_for: text('scheduled_for'),
    data_interval_start: text('data_interval_start'),
    data_interval_end: text('data_interval_end'),
    process_type: text('process_type'),
    run_mode: text('run_mode'),
    owner: text('owner'),
    user: text('user'),
    job_id: text('job_id'),
    parent_run_id: text('parent_run_id'),
    root_run_id: text('root_run_id'),
    notebook_path: text('notebook_path'),
    notebook_git_sha: text('notebook_git_sha'),
    cluster_id: text('cluster_id'),
    cluster_size: text('cluster_size'),
  };
}

/** When the run was heard from, and when its silence becomes alarming. */
function activityOf(run: Run) {
  const { first_event_at, last_event_at, last_ok_event_at, last_failed_event_at } = run;
  const leaseMs = run.lease_ms ?? DEFAULT_LEASE_MS;
  return {
    first_event_at,
    last_event_at,
    lease_ms: leaseMs,
    lease_expires_at: instantOf(epochMsOf(last_event_at) + leaseMs),
    last_event_failed:
      last_failed_event_at !== undefined &&
      (last_ok_event_at === undefined || last_failed_event_at >= last_ok_event_at),
  };
}
