import { dateOf, epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { RowOf } from '../schema/column-type.ts';
import type { runStateColumns } from '../schema/columns.ts';
import type { Status } from '../schema/status.ts';
import { DEFAULT_LEASE_MS, FAILED_LEASE_MS, MAX_LEASE_MS } from './lease.ts';
import type { Descriptor, Run, StampedError, Step, Total, Work } from './run.ts';
import { compareStamped, compareText } from './stamped.ts';
import { joinedSteps, type StepState, stepStateOf, stepStatusOf } from './step-view.ts';
import {
  conflictOf,
  durationOf,
  earliest,
  errorColumnsOf,
  errorOf,
  hasEnded,
  lastEndOf,
  latest,
  reportOf,
  startedAgainAt,
  startOf,
  totalOf,
  worstOf,
} from './work-view.ts';

/** A row of `pipeline_run_state`. */
export type RunState = RowOf<typeof runStateColumns>;

export interface RunView {
  readonly run: RunState;
  /** Ordered by step_index (none last), then name. */
  readonly steps: readonly StepState[];
}

/**
 * What people see of a run. Its SQL twin derives the same rows from the same events: `sql/fragments/run-state.sql` and
 * `sql/fragments/steps.sql`.
 */
export function viewOf(run: Run): RunView {
  const steps = joinedSteps(run.steps);
  const attempt = run.opened ?? run.highest_attempt;
  const work: Work | undefined = run.attempts[attempt];
  const since = work && startedAgainAt(work);
  // Steps that only an earlier execution told of are shown, but say nothing of the newest one.
  const current = since === undefined ? steps : steps.filter((step) => (step.work.last_report_at ?? '') >= since);
  const course = run.opened === undefined ? stepsView(steps) : ownView(work, current, attempt);
  const queuedAt = work?.queued_at ?? null;
  const runDate = dateOf(course.start_time ?? queuedAt ?? run.first_event_at);
  const stepError = stepErrorOf(current, since);

  const row: RunState = {
    environment: run.environment,
    process_name: run.process_name,
    run_id: run.run_id,
    run_date: runDate,
    status: course.status,
    status_conflict: course.status_conflict,
    run_attempt: attempt,
    queued_at: queuedAt,
    start_time: course.start_time,
    end_time: course.end_time,
    duration_ms: course.duration_ms,
    ...totalsOf(run, work, current, since),
    steps: steps.length,
    memory_used_bytes: run.memory_used_bytes ?? null,
    ...errorColumnsOf(errorOf(work) ?? stepError?.error),
    error_step: stepError?.step ?? null,
    ...descriptionOf(run),
    ...activityOf(run, current),
  };
  return { run: row, steps: steps.map((step) => stepStateOf(run, step, course.status, runDate)) };
}

/** How a run went. End and duration are null while it is open; the start is null when no event told one. */
interface Course {
  readonly status: Status;
  readonly status_conflict: string | null;
  readonly start_time: Instant | null;
  readonly end_time: Instant | null;
  readonly duration_ms: number | null;
}

/** A run that a RUN_* event opened: the events of its attempt decide. */
function ownView(work: Work | undefined, steps: readonly Step[], attempt: number): Course {
  const report = (work && reportOf(work)) ?? 'RUNNING';
  const status = report === 'ENDED' ? endedStatusOf(work, steps, attempt) : report;
  const ended = hasEnded(status);
  const start = (work ? startOf(work) : null) ?? earliestStartOf(steps);
  const end = ended ? lastEndOf(work) : null;
  return {
    status,
    status_conflict: work ? conflictOf(work) : null,
    start_time: start,
    end_time: end,
    duration_ms: ended ? durationOf(work, start, end) : null,
  };
}

/** An END that says no status is as bad as the worst that its attempt told: an error that no step mended, a failed step. */
function endedStatusOf(work: Work | undefined, steps: readonly Step[], attempt: number): Status {
  const own = steps.filter((step) => step.run_attempt === attempt);
  const statuses = own.map(stepStatusOf);
  const isMended = (status: Status | undefined) => status === 'SUCCESS' || status === 'SKIPPED';
  const failed = own.some((step, index) => errorOf(step.work) !== undefined && !isMended(statuses[index]));
  return errorOf(work) !== undefined || failed ? 'FAILED' : (worstOf(statuses.filter(hasEnded)) ?? 'SUCCESS');
}

/** A run without RUN_* events: its steps decide. It is as bad as the worst of them, once all have ended. */
function stepsView(steps: readonly Step[]): Course {
  const statuses = steps.map(stepStatusOf);
  const status = statuses.every(hasEnded) ? (worstOf(statuses) ?? 'RUNNING') : 'RUNNING';
  const ended = hasEnded(status);
  const start = earliestStartOf(steps);
  const end = ended ? latest(steps.map((step) => lastEndOf(step.work))) : null;
  return {
    status,
    status_conflict: null,
    start_time: start,
    end_time: end,
    duration_ms: ended ? durationOf(undefined, start, end) : null,
  };
}

const earliestStartOf = (steps: readonly Step[]): Instant | null => earliest(steps.map((step) => startOf(step.work)));

const totalsOf = (...of: readonly [Run, Work | undefined, readonly Step[], Instant | undefined]) => ({
  records_in: runTotalOf('records_in', ...of),
  records_out: runTotalOf('records_out', ...of),
  data_size_bytes_in: runTotalOf('data_size_bytes_in', ...of),
  data_size_bytes_out: runTotalOf('data_size_bytes_out', ...of),
});

/** The run's own total, else the exact sum over its steps. Null when no event has a count, or no safe integer holds the sum. */
function runTotalOf(
  name: Total,
  run: Run,
  work: Work | undefined,
  steps: readonly Step[],
  since: Instant | undefined,
): number | null {
  const own = totalOf(work, name);
  if (own !== undefined) return own;
  if (run.steps_truncated) return null;
  const counted = steps.flatMap((step) => totalOf(step.work, name, sinceOf(step, since)) ?? []);
  const sum = counted.reduce((a, b) => a + b, 0);
  return counted.length === 0 || sum > Number.MAX_SAFE_INTEGER ? null : sum;
}

/** The first error among the steps' shown tries, and the name of its step. */
function stepErrorOf(
  steps: readonly Step[],
  since: Instant | undefined,
): { error: StampedError; step: string } | undefined {
  return steps
    .flatMap((step) => {
      const error = errorOf(step.work, sinceOf(step, since));
      return error ? [{ error, step: step.step_name }] : [];
    })
    .sort((a, b) => compareStamped(a.error, b.error) || compareText(a.step, b.step))[0];
}

/** From when on a step's reports count for the run: the later of its own newest start and the run's. */
const sinceOf = (step: Step, since: Instant | undefined): Instant | undefined =>
  latest([startedAgainAt(step.work) ?? null, since ?? null]) ?? undefined;

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
function activityOf(run: Run, steps: readonly Step[]) {
  const { first_event_at, last_event_at, last_ok_event_at, last_failed_event_at } = run;
  const failed =
    last_failed_event_at !== undefined &&
    (last_ok_event_at === undefined || last_failed_event_at >= last_ok_event_at) &&
    !steps.some((step) => !hasEnded(stepStatusOf(step)) && errorOf(step.work) === undefined);
  const quiet = failed ? FAILED_LEASE_MS : Math.max(DEFAULT_LEASE_MS, Math.min(2 * (run.sla_ms ?? 0), MAX_LEASE_MS));
  const leaseMs = run.lease_ms ?? quiet;
  return {
    first_event_at,
    last_event_at,
    lease_ms: leaseMs,
    lease_expires_at: instantOf(epochMsOf(last_event_at) + leaseMs),
    last_event_failed: failed,
  };
}
