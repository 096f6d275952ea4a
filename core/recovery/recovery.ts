import { cutText } from '../cut.ts';
import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { RunState } from '../run/run-view.ts';

/** What was decided, and what became of it. `docs/recovery.md` explains each. */
export const DECISION_KINDS = [
  'restart',
  'wait',
  'no',
  'escalate',
  'stop',
  'started',
  'not_started',
  'unclear',
  'stopped',
  'not_stopped',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

export const DECISION_REASONS = [
  'RETRYABLE',
  'REQUESTED',
  'BACKFILL',
  'QUIET_HOURS',
  'CONCURRENCY',
  'PAUSED',
  'DRY_RUN',
  'NOT_ALLOWED',
  'PERMANENT',
  'EXHAUSTED',
  'BREAKER_OPEN',
  'NOT_IDEMPOTENT',
  'CANCELLED',
  'LOST',
  'TOO_OLD',
  'SLOT_GOOD',
  'OTHER_RUN',
  'RUNAWAY',
  'NOT_STARTED_HERE',
  'NOTHING_STARTED',
  'TARGET_REFUSED',
  'TARGET_SILENT',
  'LEDGER_DIED',
  'DONE',
] as const;
export type DecisionReason = (typeof DECISION_REASONS)[number];

/** The run that a decision is about. */
export interface DecidedRun {
  readonly run_id: string;
  readonly run_attempt: number;
}

/** One decision about one run, with its reason. It never changes. */
export interface Decision extends DecidedRun {
  /** From 1 within its recovery. */
  readonly number: number;
  readonly at: Instant;
  readonly kind: DecisionKind;
  readonly reason: DecisionReason;
  readonly text: string;
  /** Of a failed run: when it failed, so that a later execution under the same id is told apart. */
  readonly failed_at?: Instant | undefined;
  /** Of a start: the run that is started, and when. */
  readonly new_run_id?: string | undefined;
  readonly due_at?: Instant | undefined;
  /** Who asked for it; undefined: the ledger decided. */
  readonly who?: string | undefined;
}

/** What a run that the ledger starts is given. */
export interface StartedRun {
  readonly run_id: string;
  /** Undefined: it is the first of its slot. */
  readonly parent_run_id?: string | undefined;
  readonly root_run_id: string;
  readonly run_attempt: number;
  readonly run_mode: string;
  readonly from_step?: number | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly scheduled_for?: Instant | undefined;
}

/** One start of a run: decided, then claimed by whoever carries it out, and only then carried out. */
export interface Restart extends StartedRun {
  /**
   * `started`: its target took it; `heard`: its run told of itself; `silent`: it did not in time; `unclear`: nobody knows
   * whether it was started; `withdrawn`: there was no need any more when it was due.
   */
  readonly state: 'planned' | 'claimed' | 'started' | 'heard' | 'silent' | 'not_started' | 'unclear' | 'withdrawn';
  /** The run that failed; of a first run, none. */
  readonly of_run_id?: string | undefined;
  readonly due_at: Instant;
  readonly decided_at: Instant;
  readonly claimed_at?: Instant | undefined;
  readonly started_at?: Instant | undefined;
  /** What the target calls it: it is stopped by that. */
  readonly handle?: string | undefined;
  /** Undefined: the ledger decided. */
  readonly who?: string | undefined;
}

/** Everything that was decided about one slot of a pipeline: changed by compare-and-set alone, so that two deciders make one restart. */
export interface Recovery {
  readonly environment: string;
  readonly process_name: string;
  /** The nominal time of the slot; `run ID` of the first run of a chain outside any slot. */
  readonly slot: string;
  /** The newest last; of many, the newest. */
  readonly decisions: readonly Decision[];
  readonly restarts: readonly Restart[];
  /** A failed run that is decided on again at that moment. */
  readonly waiting?: { readonly run_id: string; readonly run_attempt: number; readonly until: Instant } | undefined;
  /** How many decisions there have been. */
  readonly changes: number;
  /** Decisions up to this number are events of their runs, and lines of the log. */
  readonly told: number;
}

const MAX_DECISIONS = 200;
const MAX_TEXT_LENGTH = 400;

export type RecoveryKey = Pick<Recovery, 'environment' | 'process_name' | 'slot'>;

export const recoveryText = ({ environment, process_name, slot }: RecoveryKey): string =>
  JSON.stringify([environment, process_name, slot]);

export const newRecovery = ({ environment, process_name, slot }: RecoveryKey): Recovery => ({
  environment,
  process_name,
  slot,
  decisions: [],
  restarts: [],
  changes: 0,
  told: 0,
});

/** With one more decision. */
export function decided(recovery: Recovery, decision: Omit<Decision, 'number'>): Recovery {
  const number = recovery.changes + 1;
  const text = cutText(decision.text, MAX_TEXT_LENGTH);
  return {
    ...recovery,
    decisions: [...recovery.decisions, { ...decision, number, text }].slice(-MAX_DECISIONS),
    changes: number,
  };
}

/** With one start changed. */
export const restartChanged = (recovery: Recovery, run_id: string, change: Partial<Restart>): Recovery => ({
  ...recovery,
  restarts: recovery.restarts.map((each) => (each.run_id === run_id ? { ...each, ...change } : each)),
});

export const untold = ({ decisions, told }: Recovery): readonly Decision[] =>
  decisions.filter(({ number }) => number > told);

/** Whether a decision is about stopping a run, and so says nothing of starting another one. */
const isOfStop = ({ kind, reason }: Decision): boolean =>
  kind === 'stop' || kind === 'stopped' || kind === 'not_stopped' || reason === 'NOT_STARTED_HERE';

/** Whether a decision says how a failed run goes on: one about the run's own start does not. */
export const isOfNextRun = (decision: Decision): boolean =>
  !isOfStop(decision) && decision.new_run_id !== decision.run_id;

/**
 * The last decision about whether a run attempt is followed by another run. What was decided of an execution says nothing of
 * one that began under the same id after that had failed.
 */
export function decisionAbout(
  { decisions }: Pick<Recovery, 'decisions'>,
  { run_id, run_attempt, start_time }: Pick<RunState, 'run_id' | 'run_attempt' | 'start_time'>,
): Decision | undefined {
  const own = decisions.filter(
    (each) => each.run_id === run_id && each.run_attempt === (run_attempt ?? 1) && isOfNextRun(each),
  );
  const failed_at = own.findLast((each) => each.failed_at !== undefined)?.failed_at;
  return failed_at !== undefined && start_time !== null && start_time > failed_at ? undefined : own.at(-1);
}

/** The last decision about whether a run is stopped. */
export const stopDecision = ({ decisions }: Pick<Recovery, 'decisions'>, run_id: string | null): Decision | undefined =>
  decisions.findLast((each) => each.run_id === run_id && isOfStop(each));

/** When the clock alone may change it: a start is due, a wait is over, a start should have been heard of. */
export function recoveryDueAt({ restarts, waiting }: Recovery): Instant | undefined {
  const moments = restarts.flatMap(({ state, due_at, claimed_at, started_at }) => {
    if (state === 'planned') return [due_at];
    if (state === 'claimed' && claimed_at !== undefined) return [later(claimed_at, CLAIM_MS)];
    if (state === 'started' && started_at !== undefined) return [later(started_at, START_GRACE_MS)];
    return [];
  });
  return [...moments, ...(waiting === undefined ? [] : [waiting.until])].sort()[0];
}

const later = (instant: Instant, ms: number): Instant => instantOf(epochMsOf(instant) + ms);

/** A claim without an effect for so long is reported, and never carried out again. */
export const CLAIM_MS = 120_000;
/** How long a run that was started may take to tell of itself. */
export const START_GRACE_MS = 600_000;
