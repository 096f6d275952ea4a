import { epochMsOf, type Instant } from '../instant.ts';
import type { Started } from '../ports/restarter.ts';
import type { RunState } from '../run/run-view.ts';
import { statusAt } from '../run/status-at.ts';
import { failedAtOf, type RecoveryDecision } from './decide-recovery.ts';
import {
  CLAIM_MS,
  type Decision,
  type DecisionKind,
  type DecisionReason,
  decided,
  type Recovery,
  type Restart,
  restartChanged,
  START_GRACE_MS,
  type StartedRun,
} from './recovery.ts';

/** With a decision about a failed run. The same object where a wait only goes on. */
export function withDecision(recovery: Recovery, run: RunState, decision: RecoveryDecision, now: Instant): Recovery {
  const about = { run_id: run.run_id ?? '', run_attempt: run.run_attempt ?? 1 };
  const failed = { ...about, failed_at: failedAtOf(run, statusAt(run, now)) };
  const { kind, reason, text } = decision;
  const { waiting, ...rest } = recovery;
  if (kind === 'wait') {
    const last = recovery.decisions.at(-1);
    const isSame = last?.kind === 'wait' && last.run_id === about.run_id && last.reason === reason;
    const until = { ...recovery, waiting: { ...about, until: decision.until } };
    return isSame ? until : decided(until, { at: now, kind, reason, text, ...failed });
  }
  const settled: Recovery = waiting === undefined || waiting.run_id === about.run_id ? rest : recovery;
  if (kind !== 'restart') return decided(settled, { at: now, kind, reason, text, ...failed });
  const restart: Restart = {
    ...decision.run,
    state: 'planned',
    of_run_id: about.run_id,
    due_at: decision.due_at,
    decided_at: now,
  };
  return decided(
    { ...settled, restarts: [...settled.restarts, restart] },
    { at: now, kind, reason, text, ...failed, new_run_id: restart.run_id, due_at: restart.due_at },
  );
}

/** With a start that a person asked for, due at once; the same object when it was asked for before. */
export function withRequest(
  recovery: Recovery,
  run: StartedRun,
  {
    of_run_id,
    who,
    text,
    reason,
  }: {
    readonly of_run_id?: string | undefined;
    readonly who: string;
    readonly text: string;
    readonly reason: DecisionReason;
  },
  now: Instant,
): Recovery {
  if (recovery.restarts.some(({ run_id }) => run_id === run.run_id)) return recovery;
  const restart: Restart = { ...run, state: 'planned', of_run_id, due_at: now, decided_at: now, who };
  return decided(
    { ...recovery, restarts: [...recovery.restarts, restart] },
    {
      ...{ at: now, kind: 'restart', reason, text, who, new_run_id: run.run_id, due_at: now },
      ...aboutOf(restart),
    },
  );
}

/** What a decision about a start is about: the run that failed, or, of a first run, that run itself. */
const aboutOf = ({ of_run_id, run_id, run_attempt }: Restart): Pick<Decision, 'run_id' | 'run_attempt'> =>
  of_run_id === undefined ? { run_id, run_attempt } : { run_id: of_run_id, run_attempt: Math.max(1, run_attempt - 1) };

const said = (
  recovery: Recovery,
  restart: Restart,
  kind: DecisionKind,
  reason: DecisionReason,
  text: string,
  now: Instant,
): Recovery =>
  decided(recovery, { at: now, kind, reason, text, ...aboutOf(restart), new_run_id: restart.run_id, who: restart.who });

/** A planned start that is due, claimed by whoever called this; undefined when it is not there to be claimed. */
export function claimed(recovery: Recovery, run_id: string, now: Instant): Recovery | undefined {
  const restart = recovery.restarts.find((each) => each.run_id === run_id);
  if (restart?.state !== 'planned' || restart.due_at > now) return undefined;
  return restartChanged(recovery, run_id, { state: 'claimed', claimed_at: now });
}

/** A planned start put off. */
export const postponed = (
  recovery: Recovery,
  restart: Restart,
  until: Instant,
  text: string,
  now: Instant,
): Recovery => {
  const last = recovery.decisions.at(-1);
  const later = restartChanged(recovery, restart.run_id, { due_at: until });
  const isSame = last?.kind === 'wait' && last.new_run_id === restart.run_id;
  return isSame ? later : said(later, restart, 'wait', 'CONCURRENCY', text, now);
};

/** A planned start for which there is no need any more. */
export const withdrawn = (
  recovery: Recovery,
  restart: Restart,
  reason: DecisionReason,
  text: string,
  now: Instant,
): Recovery => said(restartChanged(recovery, restart.run_id, { state: 'withdrawn' }), restart, 'no', reason, text, now);

/** What became of a start that was claimed. Its run may have told of itself before the target answered. */
export function withOutcome(recovery: Recovery, restart: Restart, outcome: Started, now: Instant): Recovery {
  const { run_id, state } = restart;
  const isHeard = state === 'heard';
  if (outcome.state === 'started' || isHeard) {
    const { handle, detail } =
      outcome.state === 'started' ? outcome : { handle: undefined, detail: 'its run told of itself' };
    const next = restartChanged(recovery, run_id, { state: isHeard ? 'heard' : 'started', started_at: now, handle });
    return said(next, restart, 'started', 'DONE', `${run_id} is started: ${detail}`, now);
  }
  const next = restartChanged(recovery, run_id, { state: outcome.state });
  const reason = outcome.state === 'not_started' ? 'TARGET_REFUSED' : 'TARGET_SILENT';
  return said(next, restart, outcome.state, reason, outcome.why, now);
}

/** Claims without an effect are reported: whether it came to the effect, nobody knows, so it is not carried out again. */
export const withLostClaims = (recovery: Recovery, now: Instant): Recovery =>
  recovery.restarts
    .filter(({ state, claimed_at = now }) => state === 'claimed' && epochMsOf(now) - epochMsOf(claimed_at) >= CLAIM_MS)
    .reduce(
      (each, restart) =>
        said(
          restartChanged(each, restart.run_id, { state: 'unclear' }),
          ...([restart, 'unclear', 'LEDGER_DIED', CLAIM_LOST, now] as const),
        ),
      recovery,
    );

const CLAIM_LOST =
  'the ledger stopped between claiming this start and its answer: it may have started, and is not started again; look at the target, then `replay` the run';

/** Starts whose runs told of themselves are heard; those that are silent for too long started nothing. */
export function withHeard(recovery: Recovery, isKnown: (run_id: string) => boolean, now: Instant): Recovery {
  return recovery.restarts.reduce((each, restart) => {
    const { state, run_id, started_at = now } = restart;
    if (state !== 'started' && state !== 'unclear' && state !== 'silent' && state !== 'claimed') return each;
    if (isKnown(run_id)) return restartChanged(each, run_id, { state: 'heard' });
    if (state !== 'started' || epochMsOf(now) - epochMsOf(started_at) < START_GRACE_MS) return each;
    return said(
      restartChanged(each, run_id, { state: 'silent' }),
      ...([restart, 'escalate', 'NOTHING_STARTED', `${run_id} was started, and told nothing since`, now] as const),
    );
  }, recovery);
}
