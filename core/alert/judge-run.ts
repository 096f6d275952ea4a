import { durationShown } from '../format.ts';
import { epochMsOf, type Instant, instantAfter } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import type { RunState } from '../run/run-view.ts';
import { statusAt } from '../run/status-at.ts';
import type { ToldRun } from '../run/told-run.ts';
import { hasEnded } from '../run/work-view.ts';
import { meaningOf } from '../schema/error-code.ts';
import type { ShownStatus } from '../schema/status.ts';
import { recordsOf, type Usual } from './baseline.ts';
import type { Condition } from './condition.ts';
import { judgeQuality } from './judge-quality.ts';
import { judgeSteps } from './judge-steps.ts';
import { judgeUsual } from './judge-usual.ts';
import { isGoodStatus, isOpenStatus } from './run-course.ts';
import { atMost, shownBy } from './shown-by.ts';

/** One run at a moment: what is wrong with it whatever other runs do, and when the clock may change that. */
export interface JudgedRun {
  readonly run: RunState;
  readonly status: ShownStatus;
  /** It ended as it should: nothing was to be done counts too. */
  readonly isGood: boolean;
  /** It may yet end. */
  readonly isOpen: boolean;
  /** It failed, timed out or was lost. */
  readonly failed_at: Instant | undefined;
  /** What is wrong even if the run ends well. */
  readonly conditions: readonly Condition[];
  readonly checks: readonly Instant[];
}

/** `usual`: what its pipeline usually does on that weekday, where the file asks for it. */
export function judgeRun(expectation: Expectation, told: ToldRun, usual: Usual | undefined, now: Instant): JudgedRun {
  const { run } = told;
  const status = statusAt(run, now);
  const isOpen = isOpenStatus(status);
  const unusual = judgeUsual(expectation, run, status, usual, now);
  const steps = judgeSteps(expectation, told, isOpen, now);
  const counted = records(expectation, run, status);
  const deadline = deadlineOf(expectation, run);
  const stalledAt = isOpen ? stalledAtOf(expectation, run) : undefined;
  return {
    run,
    status,
    isGood: isGoodStatus(status),
    isOpen,
    failed_at: failedAtOf(run, status),
    conditions: [
      ...tooLong(run, status, deadline, now),
      ...steps.conditions,
      ...stalled(expectation, run, status, stalledAt, now),
      ...tooShort(expectation, run, status),
      ...counted,
      ...unusual.conditions.filter(({ reason }) => reason !== 'RECORDS' || counted.length === 0),
      ...judgeQuality(expectation, told),
      ...conflict(run),
      ...unfinishedError(expectation, run, isOpen),
    ],
    checks: isOpen
      ? [
          deadline && instantAfter(deadline, 1),
          unusual.longAt && instantAfter(unusual.longAt, 1),
          stalledAt,
          run.lease_expires_at ?? undefined,
          ...steps.checks,
        ].flatMap((at) => at ?? [])
      : [],
  };
}

/** The shorter of what the file allows and what the run said of itself. */
function deadlineOf(
  { max_duration }: Expectation,
  { start_time, expected_max_duration_ms }: RunState,
): Instant | undefined {
  const limit = Math.min(
    max_duration ?? Number.POSITIVE_INFINITY,
    expected_max_duration_ms ?? Number.POSITIVE_INFINITY,
  );
  return start_time === null || !Number.isFinite(limit) ? undefined : instantAfter(start_time, limit);
}

function failedAtOf(run: RunState, status: ShownStatus): Instant | undefined {
  if (status === 'FAILED' || status === 'TIMED_OUT')
    return run.end_time ?? run.lease_expires_at ?? run.last_event_at ?? undefined;
  return status === 'LOST' ? (run.lease_expires_at ?? undefined) : undefined;
}

/** Evaluated on the clock: a run that never ends is late all the same. CANCELLED and SKIPPED are never late. */
function tooLong(
  run: RunState,
  status: ShownStatus,
  deadline: Instant | undefined,
  now: Instant,
): readonly Condition[] {
  if (deadline === undefined || run.start_time === null || status === 'CANCELLED' || status === 'SKIPPED') return [];
  const until = hasEnded(status) ? run.end_time : status === 'LOST' ? run.last_event_at : now;
  if (until === null || until <= deadline) return [];
  const allowed = durationShown(epochMsOf(deadline) - epochMsOf(run.start_time));
  const text = hasEnded(status)
    ? `took ${durationShown(epochMsOf(until) - epochMsOf(run.start_time))}, at most ${allowed} was expected`
    : `has been running for longer than the expected ${allowed}`;
  return [{ ...shownBy(run, 'SLA_BREACH', text), occurred_at: deadline }];
}

/** When the file asks for signs of life and the run gives none. The run's status does not follow from it. */
function stalledAtOf({ heartbeat }: Expectation, { last_event_at }: RunState): Instant | undefined {
  if (heartbeat === undefined || last_event_at === null) return undefined;
  return instantAfter(last_event_at, heartbeat.every * heartbeat.misses);
}

function stalled(
  { severity, heartbeat }: Expectation,
  run: RunState,
  status: ShownStatus,
  stalledAt: Instant | undefined,
  now: Instant,
): readonly Condition[] {
  if (status === 'LOST' && run.lease_expires_at !== null) {
    const text = `has sent no event since ${run.last_event_at}, and counts as lost`;
    return [{ ...shownBy(run, 'STALLED', text), severity: atMost(severity, 'P2'), occurred_at: run.lease_expires_at }];
  }
  if (stalledAt !== undefined && heartbeat !== undefined && now >= stalledAt) {
    const text = `has sent no event since ${run.last_event_at}; one was expected every ${durationShown(heartbeat.every)}`;
    return [{ ...shownBy(run, 'STALLED', text), occurred_at: stalledAt }];
  }
  return [];
}

function tooShort({ min_duration }: Expectation, run: RunState, status: ShownStatus): readonly Condition[] {
  if (min_duration === undefined || status !== 'SUCCESS' || run.duration_ms === null || run.duration_ms >= min_duration)
    return [];
  const text = `took ${durationShown(run.duration_ms)}, at least ${durationShown(min_duration)} was expected`;
  return [shownBy(run, 'TOO_SHORT', text)];
}

function records({ records: limits }: Expectation, run: RunState, status: ShownStatus): readonly Condition[] {
  const count = recordsOf(run);
  if (limits === undefined || status !== 'SUCCESS' || count === null) return [];
  const { minimum, maximum } = limits;
  const wrong =
    minimum !== undefined && count < minimum
      ? `at least ${minimum}`
      : maximum !== undefined && count > maximum
        ? `at most ${maximum}`
        : undefined;
  if (wrong === undefined) return [];
  const text = `wrote ${count} records, ${wrong} were expected`;
  return [shownBy(run, 'RECORDS', text)];
}

function conflict(run: RunState): readonly Condition[] {
  if (run.status_conflict === null) return [];
  const text = `ended in two ways: ${run.status_conflict}`;
  return [shownBy(run, 'CONFLICT', text)];
}

/** Whether trying again may help, as the run says, else as its error's code does; null: unknown. */
export const isRetryable = ({ error_retryable, error_code }: RunState): boolean | null =>
  error_retryable ?? (error_code === null ? null : meaningOf(error_code).retryable);

/** An error that no retry can mend wakes a person at once, while the run is still open. */
function unfinishedError({ severity }: Expectation, run: RunState, isOpen: boolean): readonly Condition[] {
  if (!isOpen || severity !== 'high' || isRetryable(run) !== false) return [];
  const text = `told of an error that a retry cannot mend${run.error_code === null ? '' : ` (${run.error_code})`}, and has not ended`;
  return [{ ...shownBy(run, 'FAILED', text), severity: 'P1', occurred_at: run.last_event_at ?? '' }];
}
