import { dateOf, epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { RowOf } from '../schema/column-type.ts';
import type { runStateColumns } from '../schema/columns.ts';
import type { Status } from '../schema/status.ts';
import { DEFAULT_LEASE_MS, FAILED_LEASE_MS, MAX_LEASE_MS } from './lease.ts';
import { type Descriptor, mergeWork, type Run, type StampedError, type Step, type Work, wholeRun } from './run.ts';
import { type Count, type EdgeTotal, edgeOf } from './run-edges.ts';
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
  /** Ordered by step_index (none last), name, then map_index. */
  readonly steps: readonly StepState[];
  /** The live run has more than it keeps, and no END of its own: the lake knows how it stands. */
  readonly isUnsure?: true;
}

/**
 * What people see of a run. Its SQL twin derives the same rows from the same events: `sql/fragments/run-state.sql` and
 * `sql/tables/pipeline_steps.sql`.
 */
export function viewOf(live: Run): RunView {
  const run = wholeRun(live);
  const steps = joinedSteps(run.steps);
  const attempt = run.opened?.run_attempt ?? run.highest_attempt;
  const work = workOfAttempt(run, attempt);
  const since = work && startedAgainAt(work);
  // Steps that only an earlier execution told of are shown, but say nothing of the newest one.
  const current = since === undefined ? steps : steps.filter((step) => (step.work.last_report_at ?? '') >= since);
  const course = run.opened === undefined ? stepsView(run, steps) : ownView(run, work, current);
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
    ...totalsOf(run, work, { steps, current, since }),
    steps: steps.length,
    memory_used_bytes: run.memory_used_bytes ?? null,
    ...errorColumnsOf(errorOf(work) ?? stepError?.error),
    error_step: stepError?.step ?? null,
    ...descriptionOf(run),
    ...activityOf(run, current),
  };
  const isUnsure = run.truncated === true && !hasEnded(course.status);
  return {
    run: row,
    steps: steps.map((step) => stepStateOf(run, step, course.status, runDate)),
    ...(isUnsure && { isUnsure }),
  };
}

/** What the events without a step told of an attempt. */
function workOfAttempt({ opened, attempts }: Run, attempt: number): Work | undefined {
  const others = attempts[attempt];
  return opened === undefined || others === undefined ? (opened?.work ?? others) : mergeWork(opened.work, others);
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
function ownView(run: Run, work: Work | undefined, steps: readonly Step[]): Course {
  const report = (work && reportOf(work)) ?? 'RUNNING';
  const status = report === 'ENDED' ? endedStatusOf(run, work, steps) : report;
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

/**
 * An END that says no status is as bad as the worst that its attempt told: an error that no step mended, a failed step.
 * Of a run with more than it keeps, only the worst is sure.
 */
function endedStatusOf(run: Run, work: Work | undefined, steps: readonly Step[]): Status {
  const own = steps.filter((step) => step.run_attempt === run.opened?.run_attempt);
  const statuses = own.map(stepStatusOf);
  const isMended = (status: Status | undefined) => status === 'SUCCESS' || status === 'SKIPPED';
  const failed = own.some((step, index) => errorOf(step.work) !== undefined && !isMended(statuses[index]));
  if (errorOf(work) !== undefined || failed || statuses.includes('FAILED')) return 'FAILED';
  return run.truncated ? 'RUNNING' : (worstOf(statuses.filter(hasEnded)) ?? 'SUCCESS');
}

/**
 * A run without RUN_* events: its steps decide. It is as bad as the worst of them, once all have ended. Of a run with
 * more than it keeps, nobody knows here that all have.
 */
function stepsView(run: Run, steps: readonly Step[]): Course {
  const statuses = steps.map(stepStatusOf);
  const allEnded = !run.truncated && statuses.every(hasEnded);
  const status = allEnded ? (worstOf(statuses) ?? 'RUNNING') : 'RUNNING';
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

const totalsOf = (run: Run, work: Work | undefined, of: StepsOfRun) => ({
  records_in: runTotalOf('records_in', run, work, of),
  records_out: runTotalOf('records_out', run, work, of),
  data_size_bytes_in: runTotalOf('data_size_bytes_in', run, work, of),
  data_size_bytes_out: runTotalOf('data_size_bytes_out', run, work, of),
});

interface StepsOfRun {
  readonly steps: readonly Step[];
  /** Those that the newest execution told of. */
  readonly current: readonly Step[];
  /** When the newest execution began, if the run was started again. */
  readonly since: Instant | undefined;
}

/**
 * The run's own total, else what went in or came out at its edges, never a sum along its chain of steps. Null when no
 * event has a count, or no safe integer holds the sum.
 */
function runTotalOf(
  name: EdgeTotal,
  run: Run,
  work: Work | undefined,
  { steps, current, since }: StepsOfRun,
): number | null {
  const own = totalOf(work, name);
  if (own !== undefined) return own;
  if (run.truncated || steps.some((step) => step.paths_truncated)) return null;
  const counts = current.flatMap((step): Count[] => {
    const count = totalOf(step.work, name, sinceOf(step, since));
    return count === undefined ? [] : [{ step, count }];
  });
  const sum = edgeOf(name, counts, steps).reduce((a, { count }) => a + count, 0);
  return counts.length === 0 || sum > Number.MAX_SAFE_INTEGER ? null : sum;
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
  // Of a run with more than it keeps, the lake says whether it ended: silence here says nothing.
  const leaseMs = run.truncated ? null : (run.lease_ms ?? quiet);
  // Nobody but the ledger itself told anything.
  const heardAt = last_event_at < first_event_at ? null : last_event_at;
  return {
    first_event_at,
    last_event_at: heardAt,
    lease_ms: leaseMs,
    lease_expires_at: leaseMs === null || heardAt === null ? null : instantOf(epochMsOf(heardAt) + leaseMs),
    last_event_failed: failed,
  };
}
