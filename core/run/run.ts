import type { Instant } from '../instant.ts';
import type { Status } from '../schema/event.ts';
import { type Checks, joinedChecks } from './checks.ts';
import { cutText } from './cut-text.ts';
import { compareStamped, compareText, earlier, greatest, later, least, type Stamped } from './stamped.ts';

/**
 * A live run: everything its events reported, joined. `runOf` (`run-of.ts`) makes the run of one event, `merge` joins two runs of one
 * key. `merge` is associative, commutative and idempotent: order, repetition and batching of events never change a run.
 * `viewOf` computes from it what people see.
 */
export interface Run extends RunKey, Facts {
  /**
   * What its untimed events told, by `event_key`: an event without a time is one event at the first of its arrivals, so
   * that sending it again changes nothing. Every other fact of the run is of timed events. `wholeRun` joins both.
   */
  readonly untimed?: Readonly<Record<string, Untimed>> | undefined;
  /** The least key that did not fit: untimed events from it on are not kept. */
  readonly untimed_until?: string | undefined;
}

/** What a run is known by: ids repeat across pipelines and environments. */
export interface RunKey {
  readonly environment: string;
  readonly process_name: string;
  readonly run_id: string;
}

/** What an untimed event told, and the length of that as JSON. */
export interface Untimed {
  readonly size: number;
  readonly facts: Facts;
}

/** What events told of a run. */
export interface Facts {
  readonly first_event_at: Instant;
  readonly last_event_at: Instant;
  /**
   * The UTC dates of its events, sorted: the partitions that SQL has to read for this run. At most `MAX_LIVE_DATES`; the
   * dates of a longer run come from `logDatesOf` in `flows/track.ts`.
   */
  readonly event_dates: readonly string[];
  /** The UTC dates of starts, and of beginnings of a wait, that are not those of their events. As many are kept. */
  readonly start_dates?: readonly string[] | undefined;
  /** The longest silence that a promise of heartbeats allows, in milliseconds. Undefined: no event promised any. */
  readonly lease_ms?: number | undefined;
  /** The greatest SLA that any of its events named, in milliseconds. */
  readonly sla_ms?: number | undefined;
  /**
   * The last event that reported a failure (an ERROR or a failed STEP_END), and the last that reported anything else.
   * Heartbeats and metrics are neither.
   */
  readonly last_ok_event_at?: Instant | undefined;
  readonly last_failed_event_at?: Instant | undefined;
  /** What RUN_* events told of the highest run attempt that they opened. */
  readonly opened?: { readonly run_attempt: number; readonly work: Work } | undefined;
  /** The highest run attempt that any event named. */
  readonly highest_attempt: number;
  /** The most memory that one METRIC reported, in bytes. */
  readonly memory_used_bytes?: number | undefined;
  readonly described: Readonly<Partial<Record<Descriptor, Stamped<readonly [string | number]>>>>;
  /** By run attempt: what the other events without a step told. */
  readonly attempts: Readonly<Record<string, Work>>;
  /** By step index, map index and name: the highest try. */
  readonly steps: Readonly<Record<string, Step>>;
  /** What data-quality checks found. The lake has every result. */
  readonly checks?: Checks | undefined;
  /** The run has more attempts, steps or untimed events than a live run keeps. The lake knows how it stands. */
  readonly truncated?: true | undefined;
}

/** What the events of one run attempt, or of one try of a step, reported. */
export interface Work {
  readonly first_event_at: Instant;
  /** The last event that is no mere sign of life: no HEARTBEAT and no METRIC. */
  readonly last_report_at?: Instant | undefined;
  /** When it began to wait: the earliest START that says QUEUED. Waiting is not running. */
  readonly queued_at?: Instant | undefined;
  /**
   * The first and the last start that an event told: a START, or an END that names its start_time. With the first told
   * end they show whether the work was started again under the same number.
   */
  readonly first_start?: Instant | undefined;
  readonly last_start?: Instant | undefined;
  readonly first_end?: Instant | undefined;
  /** By status, its last report: when, by which event, by which reporter. ENDED is an END that says no status. */
  readonly statuses: Readonly<Partial<Record<Status | 'ENDED', Stamped<readonly [reporter: string]>>>>;
  readonly totals: Readonly<Partial<Record<Total, Stamped<readonly [number]>>>>;
  readonly first_error?: StampedError | undefined;
  /** The last error, its message cut to 128 bytes; left out while it is the first. */
  readonly last_error?: StampedError | undefined;
}

export type StampedError = Stamped<readonly [code: string, message: string, retryable: string]>;

/** One step of a run, with its highest try. */
export interface Step {
  readonly step_name: string;
  readonly step_index?: number | undefined;
  /** Which instance of a mapped step. */
  readonly map_index?: number | undefined;
  readonly run_attempt: number;
  /** The try of the step within the run attempt; the first is 1. */
  readonly attempt: number;
  readonly work: Work;
  /** The paths that the try read and wrote, as `pathId` names them, sorted. */
  readonly reads?: readonly number[] | undefined;
  readonly writes?: readonly number[] | undefined;
  /** The try has more paths than a live run keeps. */
  readonly paths_truncated?: true | undefined;
}

/** Fields that describe a run. Of several values, the greatest by (event_time, event_id, value) wins. */
export const DESCRIPTORS = [
  'process_type',
  'job_id',
  'parent_run_id',
  'root_run_id',
  'owner',
  'run_mode',
  'user',
  'notebook_path',
  'notebook_git_sha',
  'scheduled_for',
  'data_interval_start',
  'data_interval_end',
  'cluster_id',
  'cluster_size',
  'expected_max_duration_ms',
] as const;
export type Descriptor = (typeof DESCRIPTORS)[number];

/** Numbers that an END event reports for the whole work. Milliseconds, records and bytes. */
export const TOTALS = [
  'duration_ms',
  'records_in',
  'records_out',
  'data_size_bytes_in',
  'data_size_bytes_out',
] as const;
export type Total = (typeof TOTALS)[number];

/** Bounds of a live run, so that it stays small. Each keeps the laws: what is kept depends on the set alone. */
export const MAX_LIVE_STEPS = 64;
const MAX_LIVE_ATTEMPTS = 8;
export const MAX_LIVE_DATES = 400;
const MAX_STEP_PATHS = 16;
const MAX_UNTIMED_CHARS = 32_768;
const MAX_LAST_MESSAGE_BYTES = 128;

/** The facts of no event: joining them changes nothing. Made anew each time, for `mergeInto` writes into them. */
export const noFacts = (): Facts => ({
  first_event_at: '9999-12-31T23:59:59.999Z',
  last_event_at: '0000-01-01T00:00:00.000Z',
  event_dates: [],
  highest_attempt: 0,
  described: {},
  attempts: {},
  steps: {},
});

/** Joins two runs of one key and returns a new one; both stay as they are. */
export const merge = (a: Run, b: Run): Run => mergeInto({ ...a, ...ownRecords(a) }, b);

const ownRecords = (facts: Facts) => ({
  described: { ...facts.described },
  attempts: { ...facts.attempts },
  steps: { ...facts.steps },
});

/**
 * Joins `b` into `a` and returns `a`. The caller must own `a` and its records; `b` stays as it is. A batch holds many
 * events of few runs, and copying a run for each event would cost more than joining it.
 */
export function mergeInto(a: Run, b: Run): Run {
  const run = a as Own<Run>;
  joinFacts(run, b);
  if (b.untimed !== undefined || b.untimed_until !== undefined) joinUntimed(run, b);
  return run;
}

/** The run with its untimed events among its facts. */
export function wholeRun(run: Run): Run {
  if (run.untimed === undefined) return run;
  const whole: Own<Run> = { ...run, ...ownRecords(run), untimed: undefined };
  for (const { facts } of Object.values(run.untimed)) joinFacts(whole, facts);
  return whole;
}

function joinFacts(run: Own<Facts>, b: Facts): void {
  run.first_event_at = earlier(run.first_event_at, b.first_event_at);
  run.last_event_at = later(run.last_event_at, b.last_event_at);
  run.event_dates = joinedDates(run.event_dates, b.event_dates);
  if (b.start_dates !== undefined) run.start_dates = joinedDates(run.start_dates ?? [], b.start_dates);
  run.lease_ms = later(run.lease_ms, b.lease_ms);
  run.sla_ms = later(run.sla_ms, b.sla_ms);
  run.last_ok_event_at = later(run.last_ok_event_at, b.last_ok_event_at);
  run.last_failed_event_at = later(run.last_failed_event_at, b.last_failed_event_at);
  run.opened = mergeOpened(run.opened, b.opened);
  run.highest_attempt = Math.max(run.highest_attempt, b.highest_attempt);
  run.memory_used_bytes = later(run.memory_used_bytes, b.memory_used_bytes);
  join(run.described, b.described, greatestOf);
  join(run.attempts, b.attempts, mergeWork);
  join(run.steps, b.steps, mergeStep);
  if (b.checks !== undefined) run.checks = joinedChecks(run.checks, b.checks);
  run.truncated ||= b.truncated;
  keepHighestAttempts(run);
  keepSmallestSteps(run);
}

/** Keeps each untimed event as of its first arrival, in the order of the keys, as many as fit. */
function joinUntimed(run: Own<Run>, b: Run): void {
  const joinedEvents = joined(run.untimed ?? {}, b.untimed ?? {}, (x, y) =>
    x.facts.first_event_at <= y.facts.first_event_at ? x : y,
  );
  const until = earlier(run.untimed_until, b.untimed_until);
  const kept: Record<string, Untimed> = {};
  let size = 0;
  run.untimed = kept;
  run.untimed_until = until;
  for (const key of Object.keys(joinedEvents).sort()) {
    const event = joinedEvents[key] as Untimed;
    size += event.size;
    if ((until !== undefined && key >= until) || size > MAX_UNTIMED_CHARS) {
      run.untimed_until = earlier(until, key);
      run.truncated = true;
      return;
    }
    kept[key] = event;
  }
}

const mergeOpened = (a: Run['opened'], b: Run['opened']): Run['opened'] => {
  if (a === undefined || b === undefined) return a ?? b;
  if (a.run_attempt !== b.run_attempt) return a.run_attempt > b.run_attempt ? a : b;
  return { run_attempt: a.run_attempt, work: mergeWork(a.work, b.work) };
};

/** A value that the function alone holds, so that it may write to it. */
type Own<T> = { -readonly [Name in keyof T]: T[Name] };

/** The identity of a run, as one text. */
export const runKeyOf = (run: { readonly [Name in keyof RunKey]: string | null }): string =>
  JSON.stringify([run.environment, run.process_name, run.run_id]);

export function mergeWork(a: Work, b: Work): Work {
  return {
    first_event_at: earlier(a.first_event_at, b.first_event_at),
    last_report_at: later(a.last_report_at, b.last_report_at),
    queued_at: earlier(a.queued_at, b.queued_at),
    first_start: earlier(a.first_start, b.first_start),
    last_start: later(a.last_start, b.last_start),
    first_end: earlier(a.first_end, b.first_end),
    statuses: joined(a.statuses, b.statuses, greatestOf),
    totals: joined(a.totals, b.totals, greatestOf),
    ...joinedErrors(a, b),
  };
}

function joinedErrors(a: Work, b: Work): Pick<Work, 'first_error' | 'last_error'> {
  const first = least(a.first_error, b.first_error);
  if (first === undefined) return {};
  const last = greatest(lastErrorOf(a), lastErrorOf(b)) as StampedError;
  return compareStamped(last, shortened(first)) === 0
    ? { first_error: first }
    : { first_error: first, last_error: last };
}

const lastErrorOf = (work: Work): StampedError | undefined =>
  work.last_error ?? (work.first_error && shortened(work.first_error));

const shortened = ([time, id, code, message, retryable]: StampedError): StampedError => [
  time,
  id,
  code,
  cutText(message, MAX_LAST_MESSAGE_BYTES),
  retryable,
];

/** The later of two tries, by (run attempt, try). Two reports of the same try are joined. */
export function mergeStep(a: Step, b: Step): Step {
  if (a.run_attempt !== b.run_attempt) return a.run_attempt > b.run_attempt ? a : b;
  if (a.attempt !== b.attempt) return a.attempt > b.attempt ? a : b;
  const step: Step = { ...a, work: mergeWork(a.work, b.work) };
  const reads = union(a.reads, b.reads);
  const writes = union(a.writes, b.writes);
  if (reads === undefined && writes === undefined) return step;
  return { ...step, ...keptPaths(reads, writes, a.paths_truncated || b.paths_truncated) };
}

/** The smallest ids of the paths that a try read and wrote, as many as a live run keeps of each. */
export function keptPaths(
  reads: readonly number[] = [],
  writes: readonly number[] = [],
  truncated = false,
): Pick<Step, 'reads' | 'writes' | 'paths_truncated'> {
  const isTruncated = truncated || reads.length > MAX_STEP_PATHS || writes.length > MAX_STEP_PATHS;
  return {
    reads: reads.slice(0, MAX_STEP_PATHS),
    writes: writes.slice(0, MAX_STEP_PATHS),
    ...(isTruncated && { paths_truncated: true as const }),
  };
}

const union = (a: Step['reads'], b: Step['reads']): Step['reads'] =>
  a === undefined || b === undefined ? (a ?? b) : [...new Set([...a, ...b])].sort((x, y) => x - y);

const joined = <Value>(
  a: Readonly<Record<string, Value>>,
  b: Readonly<Record<string, Value>>,
  joinValues: (a: Value, b: Value) => Value,
): Readonly<Record<string, Value>> => join({ ...a }, b, joinValues);

/** Joins the values of `b` into `a`, key by key. */
function join<Value>(
  a: Readonly<Record<string, Value>>,
  b: Readonly<Record<string, Value>>,
  joinValues: (a: Value, b: Value) => Value,
): Readonly<Record<string, Value>> {
  const own = a as Record<string, Value>;
  for (const key in b) {
    const mine = own[key];
    const theirs = b[key] as Value;
    own[key] = mine === undefined ? theirs : joinValues(mine, theirs);
  }
  return own;
}

function joinedDates(a: readonly string[], b: readonly string[]): readonly string[] {
  if (b.every((date) => a.includes(date))) return a;
  return [...new Set([...a, ...b])].sort().slice(0, MAX_LIVE_DATES);
}

const greatestOf = <S extends Stamped>(a: S, b: S): S => greatest(a, b) as S;

function keepHighestAttempts(run: Own<Facts>): void {
  const numbers = Object.keys(run.attempts).map(Number);
  if (numbers.length <= MAX_LIVE_ATTEMPTS) return;
  const kept = numbers.sort((a, b) => b - a).slice(0, MAX_LIVE_ATTEMPTS);
  run.attempts = Object.fromEntries(kept.map((number) => [number, run.attempts[number] as Work]));
  run.truncated = true;
}

function keepSmallestSteps(run: Own<Facts>): void {
  const keys = Object.keys(run.steps);
  if (keys.length <= MAX_LIVE_STEPS) return;
  const kept = keys.sort(compareText).slice(0, MAX_LIVE_STEPS);
  run.steps = Object.fromEntries(kept.map((key) => [key, run.steps[key] as Step]));
  run.truncated = true;
}
