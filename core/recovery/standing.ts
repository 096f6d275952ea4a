import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import { type Decision, isOfNextRun, type Recovery, START_GRACE_MS, stopDecision } from './recovery.ts';

/** How it stands with what the ledger does about a failed run. */
export type Standing =
  /** Another run is to come: nobody is to be told before that one failed too. */
  | { readonly kind: 'coming'; readonly until?: Instant | undefined }
  /** Another run has come, and stands for both. */
  | { readonly kind: 'superseded' }
  /** It is left to people, and why. */
  | { readonly kind: 'given_up'; readonly decision: Decision };

/** What was decided about the runs of a pipeline. */
export interface Standings {
  of(run_id: string | null): Standing | undefined;
  /** Why a run that should have been stopped could not be. */
  notStopped(run_id: string | null): string | undefined;
  /** Whether the ledger stopped it: what its job said of its own end then contradicts nothing. */
  wasStopped(run_id: string | null): boolean;
}

export function standingsOf(recoveries: readonly Recovery[]): Standings {
  const byRun = new Map<string, Standing>();
  const unstopped = new Map<string, string>();
  const stopped = new Set<string>();
  for (const recovery of recoveries)
    for (const decision of recovery.decisions) {
      const { run_id, kind } = decision;
      if (isOfNextRun(decision)) {
        const standing = standingBy(decision, recovery);
        if (standing !== undefined) byRun.set(run_id, standing);
      } else if (kind === 'stop' || kind === 'stopped') stopped.add(run_id);
      else if (decision === stopDecision(recovery, run_id) && (kind === 'not_stopped' || kind === 'no'))
        unstopped.set(run_id, decision.text);
    }
  return {
    of: (run_id) => (run_id === null ? undefined : byRun.get(run_id)),
    notStopped: (run_id) => (run_id === null ? undefined : unstopped.get(run_id)),
    wasStopped: (run_id) => run_id !== null && stopped.has(run_id),
  };
}

function standingBy(decision: Decision, { restarts, waiting }: Recovery): Standing | undefined {
  const { kind, reason, new_run_id } = decision;
  const restart = restarts.find(({ run_id }) => run_id === new_run_id);
  switch (kind) {
    case 'restart':
    case 'started':
    case 'wait': {
      if (restart?.state === 'heard') return { kind: 'superseded' };
      const until = restart?.started_at === undefined ? (restart?.due_at ?? waiting?.until) : restart.started_at;
      return { kind: 'coming', until: until && later(until) };
    }
    case 'no':
      return reason === 'SLOT_GOOD' || reason === 'OTHER_RUN' ? { kind: 'superseded' } : { kind: 'given_up', decision };
    case 'escalate':
    case 'not_started':
    case 'unclear':
      return restart?.state === 'heard' ? { kind: 'superseded' } : { kind: 'given_up', decision };
    case 'stop':
    case 'stopped':
    case 'not_stopped':
      return undefined;
  }
}

/** When it is looked at again in any case. */
const later = (at: Instant): Instant => instantOf(epochMsOf(at) + START_GRACE_MS + 60_000);
