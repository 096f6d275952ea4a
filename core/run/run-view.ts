import { dateOf, epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { RowOf } from '../schema/column-type.ts';
import type { runStateColumns, stepStateColumns } from '../schema/columns.ts';
import { ENDED_STATUSES, STATUSES, type Status } from '../schema/status.ts';
import { type Descriptor, mergeStep, type Run, type Step, type Total, type Work } from './run.ts';
import { compareStamped, compareText } from './stamped.ts';

export type RunState = RowOf<typeof runStateColumns>;
export type StepState = RowOf<typeof stepStateColumns>;
export interface RunView {
  readonly run: RunState;
  /** Ordered by step_index (none last), then name. */
  readonly steps: readonly StepState[];
}

/** Whether a reported status is that of what has ended. */
export const hasEnded = (status: string): boolean => (ENDED_STATUSES as readonly string[]).includes(status);

/** How long silence is normal when no event says so: 24 h. */
export const DEFAULT_LEASE_MS = 86_400_000;

/** What people see of a run. The statements `sql/tables/pipeline_run_state.sql` and `pipeline_step_state.sql` say the same of the same events. */
export function viewOf(run: Run): RunView {
  const steps = joinedSteps(run.steps);
  const opened = run.opened !== undefined;
  const attempt = run.opened ?? run.highest_attempt;
  const work: Work | undefined = run.attempts[attempt];
  const said = work && opened ? wordOf(work) : null;
  const status = opened ? (said ?? 'RUNNING') : worstOf(steps);
  const ended = hasEnded(status);

  const stepRows = steps.map((step) => stepStateOf(run, step, status));
  const start = startOf(run, work, steps, opened);
  const end = ended ? (opened ? lastEndOf(work) : latest(steps.map((step) => lastEndOf(step.work)))) : null;
  const stepError = stepErrorOf(steps);
  const error = work?.error ?? stepError?.error;
  const value = (name: Descriptor) => run.described[name]?.[2] ?? null;
  const text = (name: Descriptor) => value(name) as string | null;
  const leaseMs = run.lease_ms ?? DEFAULT_LEASE_MS;
  const runDate = dateOf(start);

  const row: RunState = {
    environment: run.environment,
    process_name: run.process_name,
    run_id: run.run_id,
    run_date: runDate,
    status,
    status_conflict: work && opened ? conflictOf(work) : null,
    run_attempt: attempt,
    start_time: start,
    end_time: end,
    duration_ms: ended ? durationOf(opened ? work : undefined, start, end) : null,
    records_in: totalOf(run, work, steps, 'records_in'),
    records_out: totalOf(run, work, steps, 'records_out'),
    data_size_bytes_in: totalOf(run, work, steps, 'data_size_bytes_in'),
    data_size_bytes_out: totalOf(run, work, steps, 'data_size_bytes_out'),
    steps: steps.length,
    memory_used_bytes: run.memory_used_bytes ?? null,
    error_code: error?.[2] || null,
    error_message: error?.[3] || null,
    error_retryable: booleanOf(error?.[4]),
    error_step: stepError?.step ?? null,
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
    first_event_at: run.first_event_at,
    last_event_at: run.last_event_at,
    lease_ms: leaseMs,
    lease_expires_at: instantOf(epochMsOf(run.last_event_at) + leaseMs),
    last_event_failed:
      run.last_failed_event_at !== undefined &&
      (run.last_ok_event_at === undefined || run.last_failed_event_at >= run.last_ok_event_at),
  };
  return { run: row, steps: stepRows.map((step) => ({ ...step, run_date: runDate })) };
}

/**
 * The strongest word that counts. A word said at an end counts unless the work was started again after it: two
 * distinct starts under one number, the later after that end. Null: it has said nothing.
 */
export function wordOf(work: Work): Status | null {
  return STATUSES.find((status) => counts(work, status)) ?? null;
}

function counts(work: Work, status: Status): boolean {
  const said = work.said[status];
  if (said === undefined) return false;
  if (status === 'RUNNING' || status === 'QUEUED') return true;
  const { first_start, last_start } = work;
  const startedAgain = first_start !== undefined && last_start !== undefined && first_start < last_start;
  return !(startedAgain && last_start > said[0]);
}

/** Two ends that both count contradict each other: both, strongest first, with who said so. */
function conflictOf(work: Work): string | null {
  const words = ENDED_STATUSES.filter((status) => counts(work, status));
  return words.length < 2
    ? null
    : words.map((status) => `${status} by ${work.said[status]?.[2] || 'producer'}`).join(', ');
}

/** A step that names no index is the step of that name, when only one index bears the name. */
function joinedSteps(steps: Run['steps']): readonly Step[] {
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

/** A run that never spoke itself is as its steps are: the worst of them once all have ended. */
function worstOf(steps: readonly Step[]): Status {
  const words = steps.map((step) => wordOf(step.work) ?? 'RUNNING');
  if (words.length === 0 || words.some((word) => !hasEnded(word))) return 'RUNNING';
  return STATUSES.find((status) => words.includes(status)) as Status;
}

function stepStateOf(run: Run, step: Step, runStatus: Status): StepState {
  const { work } = step;
  const word = wordOf(work) ?? 'RUNNING';
  const ended = hasEnded(word);
  const start = work.start_time ?? work.first_event_at;
  const end = ended ? lastEndOf(work) : null;
  const total = (name: Total) => work.totals[name]?.[2] ?? null;
  return {
    environment: run.environment,
    process_name: run.process_name,
    run_id: run.run_id,
    run_date: null,
    step_name: step.step_name,
    step_index: step.step_index ?? null,
    run_attempt: step.run_attempt,
    attempt: step.attempt,
    status: ended || !hasEnded(runStatus) ? word : leftOpen(work, runStatus),
    start_time: start,
    end_time: end,
    duration_ms: ended ? durationOf(work, start, end) : null,
    records_in: total('records_in'),
    records_out: total('records_out'),
    data_size_bytes_in: total('data_size_bytes_in'),
    data_size_bytes_out: total('data_size_bytes_out'),
    error_code: work.error?.[2] || null,
    error_message: work.error?.[3] || null,
    error_retryable: booleanOf(work.error?.[4]),
  };
}

/** Producers that emit ERROR instead of a failed STEP_END leave the step open: in a run that went wrong, it failed. */
const leftOpen = (work: Work, runStatus: Status): 'FAILED' | 'ABANDONED' =>
  work.error !== undefined && runStatus !== 'SUCCESS' && runStatus !== 'SKIPPED' ? 'FAILED' : 'ABANDONED';

function startOf(run: Run, work: Work | undefined, steps: readonly Step[], opened: boolean): Instant {
  const own = work && (work.start_time ?? work.first_event_at);
  if (opened && own) return own;
  const starts = steps.map((step) => step.work.start_time ?? step.work.first_event_at);
  return [own, ...starts].filter((each) => each !== undefined).sort(compareText)[0] ?? run.first_event_at;
}

function lastEndOf(work: Work | undefined): Instant | null {
  return latest(
    STATUSES.filter((status) => status !== 'RUNNING' && status !== 'QUEUED').map(
      (status) => work?.said[status]?.[0] ?? null,
    ),
  );
}

const latest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.reduce((a, b) => (a === null ? b : b === null || a >= b ? a : b), null);

/** Null when it ended before it started: then one of the two clocks is wrong, and nobody knows how long it took. */
function durationOf(work: Work | undefined, start: Instant, end: Instant | null): number | null {
  const reported = work?.totals.duration_ms?.[2];
  if (reported !== undefined) return reported;
  if (end === null) return null;
  const durationMs = epochMsOf(end) - epochMsOf(start);
  return durationMs >= 0 ? durationMs : null;
}

/** The run's own total, else the exact sum over its steps; null when nobody counted, or when no integer can hold it. */
function totalOf(run: Run, work: Work | undefined, steps: readonly Step[], name: Total): number | null {
  const own = work?.totals[name]?.[2];
  if (own !== undefined) return own;
  if (run.steps_truncated) return null;
  const counted = steps.flatMap((step) => step.work.totals[name]?.[2] ?? []);
  const sum = counted.reduce((a, b) => a + b, 0);
  return counted.length === 0 || sum > Number.MAX_SAFE_INTEGER ? null : sum;
}

/** The first error among the steps' shown tries, and the step it comes from. */
function stepErrorOf(steps: readonly Step[]): { error: NonNullable<Work['error']>; step: string } | undefined {
  return steps
    .flatMap(({ work, step_name }) => (work.error ? [{ error: work.error, step: step_name }] : []))
    .sort((a, b) => compareStamped(a.error, b.error) || compareText(a.step, b.step))[0];
}

const booleanOf = (word: string | undefined): boolean | null =>
  word === 'true' ? true : word === 'false' ? false : null;
