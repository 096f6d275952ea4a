import { isGoodStatus, isOpenStatus } from '../alert/run-course.ts';
import { counted, durationShown } from '../format.ts';
import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import { pathId } from '../run/path-id.ts';
import type { RunState } from '../run/run-view.ts';
import { statusAt } from '../run/status-at.ts';
import type { ToldRun } from '../run/told-run.ts';
import { nextRun, underWay } from './next-run.ts';
import { pauseMs, type RecoveryPolicy } from './policy.ts';
import { quietUntil } from './quiet-hours.ts';
import { type DecisionReason, decisionAbout, type Recovery, type StartedRun, stopDecision } from './recovery.ts';
import { retryable } from './retryable.ts';

/** What else is known when a failed run is decided on. */
export interface RecoveryHistory {
  /** The runs of its slot, itself included. */
  readonly slot: readonly RunState[];
  /** Runs of the pipeline that are open, and starts of it that nobody has heard of yet. */
  readonly open_runs: number;
  /** Failures of the pipeline within the window of its breaker. */
  readonly failures: number;
  /** Failed incremental runs of the pipeline since its last good run. */
  readonly failed_incrementals: number;
  /** What was decided about the slot so far. */
  readonly recovery: Pick<Recovery, 'decisions' | 'restarts'>;
}

/** What is to be done about a run at a moment. */
export type RecoveryDecision =
  | Said<'restart', { readonly due_at: Instant; readonly run: StartedRun }>
  | Said<'wait', { readonly until: Instant }>
  | Said<'no'>
  | Said<'escalate'>;
type Said<Kind, More = unknown> = {
  readonly kind: Kind;
  readonly reason: DecisionReason;
  readonly text: string;
} & More;

const RECHECK_MS = 30_000;

/**
 * Whether a run that failed is started again, when and how. Undefined: there is nothing to decide, or it has been decided.
 * Pure, and the same for whoever decides.
 */
export function decideRecovery(
  told: ToldRun,
  policy: RecoveryPolicy,
  history: RecoveryHistory,
  now: Instant,
): RecoveryDecision | undefined {
  const { run } = told;
  const { retry } = policy;
  const reported = statusAt(run, now);
  const failedAt = failedAtOf(run, reported);
  const { recovery, slot } = history;
  if (retry === undefined || failedAt === undefined || !awaitsDecision(run, policy, recovery, now)) return undefined;
  const stop = stopDecision(recovery, run.run_id)?.kind;
  // What it says of its end while it is being stopped, as a client that is told to end does, is not why it ended.
  if (stop === 'stop') return undefined;
  const status = stop === 'stopped' && (reported === 'CANCELLED' || reported === 'FAILED') ? 'TIMED_OUT' : reported;

  const no = (reason: DecisionReason, text: string): RecoveryDecision => ({ kind: 'no', reason, text });
  const escalate = (reason: DecisionReason, text: string): RecoveryDecision => ({ kind: 'escalate', reason, text });
  const others = slot.filter(({ run_id }) => run_id !== run.run_id);
  const good = others.find((each) => isGoodStatus(each.status));
  if (good !== undefined) return no('SLOT_GOOD', `${good.run_id} of the same slot is good`);
  const open = others.find((each) => isOpenStatus(statusAt(each, now)));
  if (open !== undefined) return no('OTHER_RUN', `${open.run_id} of the same slot is under way`);
  const planned = underWay(recovery.restarts, now)[0];
  if (planned !== undefined) return no('OTHER_RUN', `${planned.run_id} of the same slot is to start`);
  if (status === 'CANCELLED') return no('CANCELLED', 'it was cancelled on purpose');
  if (run.run_mode === 'backfill') return no('BACKFILL', 'a backfill is gone on with by asking for it again');
  if (policy.paused) return no('PAUSED', 'its pipeline is paused');
  const ageMs = epochMsOf(now) - epochMsOf(failedAt);
  if (ageMs > policy.too_old_after)
    return no('TOO_OLD', `it failed ${durationShown(ageMs)} ago; \`replay\` starts it by hand`);

  const { isRetryable, what } = retryable(run, status, retry);
  if (!isRetryable)
    return status === 'LOST'
      ? escalate('LOST', 'it fell silent, and may still be running')
      : escalate('PERMANENT', `${what} is not tried again`);
  const tries = triesOf(slot, recovery);
  if (tries >= retry.max_attempts)
    return escalate(
      'EXHAUSTED',
      `${counted(tries, 'run')} of at most ${retry.max_attempts} failed, the last with ${what}`,
    );
  if (history.failures >= policy.breaker.failures)
    return escalate(
      'BREAKER_OPEN',
      `${counted(history.failures, 'failure')} of the pipeline within ${durationShown(policy.breaker.window)}, at most ${policy.breaker.failures - 1} are tried again`,
    );
  if (policy.idempotent === 'append' && wroteSomething(told))
    return escalate(
      'NOT_IDEMPOTENT',
      'it appends, and did not tell that it wrote nothing: a second run may write rows twice',
    );
  if (policy.concurrency !== undefined && history.open_runs >= policy.concurrency) {
    const until = instantOf(epochMsOf(now) + RECHECK_MS);
    const text = `${counted(history.open_runs, 'run')} of the pipeline ${history.open_runs === 1 ? 'is' : 'are'} open, at most ${policy.concurrency} may be`;
    return { kind: 'wait', reason: 'CONCURRENCY', text, until };
  }
  const next = nextRun(
    told,
    policy,
    slot,
    recovery.restarts,
    Math.max(tries, run.run_attempt ?? 1) + 1,
    history.failed_incrementals,
  );
  const pause = pauseMs(retry.backoff, tries, shareOf(next.run_id));
  const wanted = instantOf(Math.max(epochMsOf(now), epochMsOf(failedAt) + pause));
  const due_at = quietUntil(policy.quiet_hours, wanted) ?? wanted;
  const when = due_at === wanted ? `after ${durationShown(pause)}` : `after its quiet hours, at ${due_at}`;
  const text = `${what}: run ${tries + 1} of ${retry.max_attempts} ${when}${fromShown(next)}`;
  if (policy.dry_run) return no('DRY_RUN', `only a dry run: it would start ${text}`);
  return { kind: 'restart', reason: 'RETRYABLE', text, due_at, run: next };
}

/** Whether a run has failed at a moment and nothing final was decided about it, where the file lets the ledger decide. */
export function awaitsDecision(
  run: RunState,
  { retry, allowed_since }: Pick<RecoveryPolicy, 'retry' | 'allowed_since'>,
  recovery: Pick<Recovery, 'decisions'>,
  now: Instant,
): boolean {
  if (retry === undefined) return false;
  const failedAt = failedAtOf(run, statusAt(run, now));
  if (failedAt === undefined || failedAt < (allowed_since ?? '')) return false;
  const before = decisionAbout(recovery, run);
  return before === undefined || before.kind === 'wait';
}

const fromShown = ({ from_step, run_mode, params }: StartedRun): string =>
  [
    from_step === undefined ? '' : `, from step ${from_step}`,
    run_mode === 'full' ? ', as a full load' : '',
    ...Object.entries(params).map(([name, value]) => `, ${name}=${value}`),
  ].join('');

/** How many runs the slot has had: those that are known, or, where runs were forgotten, those that were numbered or started. */
export const triesOf = (slot: readonly RunState[], { restarts }: Pick<Recovery, 'restarts'>): number =>
  Math.max(
    slot.length,
    ...slot.map(({ run_attempt }) => run_attempt ?? 1),
    1 + restarts.filter(({ state, who }) => who === undefined && state !== 'withdrawn').length,
  );

/** When it failed, timed out, was cancelled or fell silent for good; undefined of every other. */
export function failedAtOf(
  run: RunState,
  status = run.status as ReturnType<typeof statusAt> | null,
): Instant | undefined {
  if (status === 'LOST') return run.lease_expires_at ?? undefined;
  if (status !== 'FAILED' && status !== 'TIMED_OUT' && status !== 'CANCELLED') return undefined;
  return run.end_time ?? run.lease_expires_at ?? run.last_event_at ?? undefined;
}

const wroteSomething = ({ run, steps }: ToldRun): boolean =>
  run.records_out !== 0 || steps.some(({ records_out }) => (records_out ?? 0) > 0);

/** From 0 to 1, spread over the ids, so that what failed together does not start together. */
const shareOf = (text: string): number => (pathId(text) % 1_000_003) / 1_000_003;
