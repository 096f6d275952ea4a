import { durationShown } from '../format.ts';
import { epochMsOf, type Instant, instantAfter } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import { backoffOf } from '../recovery/policy.ts';
import type { Standings } from '../recovery/standing.ts';
import type { RunState } from '../run/run-view.ts';
import { compareText } from '../run/stamped.ts';
import type { ToldRun } from '../run/told-run.ts';
import type { Usual } from './baseline.ts';
import type { Condition, Found, Reason, Verdict } from './condition.ts';
import { isRetryable, type JudgedRun, judgeRun } from './judge-run.ts';
import { judgeWaiting, type Waiting } from './judge-waiting.ts';
import { beginningOf } from './run-course.ts';
import { atMost, shownBy } from './shown-by.ts';
import type { Upstream } from './upstream.ts';

/** What rules know beside the runs of a slot. */
export interface SlotContext {
  readonly now: Instant;
  /** A later run of the pipeline was good: it makes good a run outside any slot. */
  readonly laterGood?: boolean | undefined;
  /** What was usual when a run began, where the file asks for it. */
  readonly usualOf?: ((run: RunState) => Usual | undefined) | undefined;
  readonly upstream?: Upstream | undefined;
  /** What the ledger itself does about runs that failed, where the file lets it. */
  readonly standings?: Standings | undefined;
}

/**
 * What is wrong with one slot of a pipeline, or with a run outside any slot, at a moment. A slot is good as soon as one
 * of its runs is.
 */
export function judgeSlot(
  expectation: Expectation,
  slot: Instant | undefined,
  runs: readonly ToldRun[],
  { now, laterGood = false, usualOf, upstream, standings }: SlotContext,
): Verdict {
  const states = runs.map(({ run }) => run);
  if (expectation.paused || isBackfill(expectation, slot, states, now)) return { conditions: [], isGood: true };
  const all = runs.map((told) => judgeRun(expectation, told, usualOf?.(told.run), now));
  const good = all.find(({ isGood }) => isGood);
  // A backfill may make a slot good, and says nothing else of it.
  const judged = all.filter(({ run }) => run.run_mode !== 'backfill');
  const waiting = slot === undefined || good ? NOTHING : judgeWaiting(expectation, slot, judged.length, upstream, now);
  const failure = good || laterGood ? NOTHING : judgeFailures(expectation, judged, standings, now);
  const ofRuns = judged.flatMap((each) => (good && !each.isGood && !each.isOpen ? [] : conditionsOf(each, standings)));
  const lasting = [...ofRuns, ...extraRuns(judged)];
  const isFinished = good !== undefined && judged.every(({ isOpen }) => !isOpen);
  const isMended = laterGood || !lasting.some(({ reason }) => LASTING.has(reason));
  const checks = [...waiting.checks, ...failure.checks, ...judged.flatMap((each) => each.checks)].filter(
    (at) => at > now,
  );
  return {
    conditions: [...failure.conditions, ...waiting.conditions, ...lasting],
    isGood: slot === undefined ? (laterGood || isFinished) && isMended : isFinished && isMended,
    next_check: checks.sort()[0],
    ...(slot !== undefined && runs.length === 0 && waiting.conditions.length === 0 && { isAwaited: true }),
    ...(waiting.held_up_by !== undefined && { held_up_by: waiting.held_up_by }),
  };
}

const NOTHING: Waiting = { conditions: [], checks: [] };

/** Of a run that is followed by another one nobody is told that it fell silent; of one that could not be stopped, that it runs on. */
function conditionsOf(
  { run, status, conditions: found, isOpen }: JudgedRun,
  standings: Standings | undefined,
): readonly Condition[] {
  const conditions = standings?.wasStopped(run.run_id) ? found.filter(({ reason }) => reason !== 'CONFLICT') : found;
  const standing = standings?.of(run.run_id);
  const unstopped = isOpen ? standings?.notStopped(run.run_id) : undefined;
  if (unstopped !== undefined)
    return [...conditions.filter(({ reason }) => reason !== 'SLA_BREACH'), shownBy(run, 'SLA_BREACH', unstopped)];
  return status === 'LOST' && (standing?.kind === 'coming' || standing?.kind === 'superseded')
    ? conditions.filter(({ reason }) => reason !== 'STALLED')
    : conditions;
}

/** What a good run shows: it stays wrong until a later run of the pipeline is good, or a person says otherwise. */
const LASTING: ReadonlySet<Reason> = new Set(['TOO_SHORT', 'RECORDS', 'QUALITY', 'CONFLICT', 'EXTRA_RUN']);

/** A run of an old slot, or one that says so: it never pages. */
function isBackfill(
  { backfill_after }: Expectation,
  slot: Instant | undefined,
  runs: readonly RunState[],
  now: Instant,
): boolean {
  if (runs.length > 0 && runs.every(({ run_mode }) => run_mode === 'backfill')) return true;
  const first = runs.map(({ start_time, first_event_at }) => start_time ?? first_event_at ?? now).sort()[0];
  return slot !== undefined && first !== undefined && epochMsOf(first) - epochMsOf(slot) > backfill_after;
}

/** Whether the slot has failed: its newest failure, unless another try is under way or still to be waited for. */
function judgeFailures(
  expectation: Expectation,
  judged: readonly JudgedRun[],
  standings: Standings | undefined,
  now: Instant,
): Found {
  const failures = judged.filter(({ failed_at }) => failed_at !== undefined);
  const last = failures.sort((a, b) => byMoment(b.failed_at, b.run.run_id)(a.failed_at, a.run.run_id))[0];
  if (last?.failed_at === undefined || last.status === 'LOST') return NOTHING;
  const { run, failed_at } = last;
  const { retry, severity } = expectation;
  const waitMs = retry === undefined ? 0 : backoffOf(retry.backoff).max;
  const tries = Math.max(judged.length, ...judged.map((each) => each.run.run_attempt ?? 1));
  const isPermanent = isRetryable(run) === false;
  if (judged.some((each) => each.isOpen && (each.run.start_time ?? '') >= failed_at)) return NOTHING;
  const standing = standings?.of(run.run_id);
  if (standing?.kind === 'superseded') return NOTHING;
  if (standing?.kind === 'coming')
    return { conditions: [], checks: standing.until === undefined ? [] : [standing.until] };
  if (standing === undefined && retry !== undefined && !isPermanent && tries < retry.max_attempts) {
    const waitUntil = instantAfter(failed_at, waitMs);
    if (waitUntil !== undefined && now <= waitUntil)
      return { conditions: [], checks: [instantAfter(waitUntil, 1) ?? waitUntil] };
  }
  const exhausted =
    standing === undefined
      ? retry !== undefined && tries >= retry.max_attempts && !isPermanent
      : standing.decision.reason === 'EXHAUSTED';
  const silent = run.status !== 'FAILED' && run.status !== 'TIMED_OUT';
  const how = last.status === 'TIMED_OUT' ? 'timed out' : silent ? 'fell silent after a failure' : 'failed';
  const where = run.error_step === null ? '' : ` in ${run.error_step}`;
  const what = run.error_code === null ? '' : `: ${run.error_code}`;
  const tried = exhausted
    ? `, after ${tries} of ${retry?.max_attempts} tries`
    : standing !== undefined
      ? `, and was not started again: ${standing.decision.text}`
      : retry && !isPermanent
        ? `, and no retry came within ${durationShown(waitMs)}`
        : '';
  return {
    conditions: [
      {
        reason: exhausted ? 'RETRIES_EXHAUSTED' : silent ? 'STEP_FAILED_AND_SILENT' : 'FAILED',
        severity: atMost(severity, isPermanent && severity === 'high' ? 'P1' : 'P2'),
        occurred_at: failed_at,
        text: `${how}${where}${what}${tried}`,
        run_id: run.run_id ?? undefined,
      },
    ],
    checks: [],
  };
}

/** A slot that had a good run, and has another one that is no retry of a failure. */
function extraRuns(judged: readonly JudgedRun[]): readonly Condition[] {
  const inOrder = [...judged].sort(({ run: a }, { run: b }) =>
    byMoment(a.start_time, a.run_id)(b.start_time, b.run_id),
  );
  const good = inOrder.find(({ isGood }) => isGood);
  return inOrder
    .filter(({ run }) => good !== undefined && (beginningOf(run) ?? '') > (beginningOf(good.run) ?? ''))
    .filter(({ run }) => (run.run_attempt ?? 1) === 1)
    .map(({ run }) => ({
      reason: 'EXTRA_RUN',
      severity: 'P3',
      occurred_at: run.start_time ?? run.first_event_at ?? '',
      text: `started once more, though ${good?.run.run_id} was good already`,
      run_id: run.run_id ?? undefined,
    }));
}

/** The order of moments; of one moment, that of the runs' ids, so that the order in which runs are read says nothing. */
const byMoment =
  (at: Instant | null | undefined, id: string | null) =>
  (otherAt: Instant | null | undefined, otherId: string | null): number =>
    compareText(at ?? '', otherAt ?? '') || compareText(id ?? '', otherId ?? '');
