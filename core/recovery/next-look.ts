import { isOpenStatus } from '../alert/run-course.ts';
import { epochMsOf, type Instant, instantAfter } from '../instant.ts';
import { statusAt } from '../run/status-at.ts';
import type { ToldRun } from '../run/told-run.ts';
import { awaitsDecision, failedAtOf } from './decide-recovery.ts';
import { stopAt } from './decide-stop.ts';
import type { RecoveryPolicy } from './policy.ts';
import { decisionAbout, type Recovery, stopDecision } from './recovery.ts';

/** A run that is silent is not stopped, and may be heard of again. */
const RECHECK_MS = 15_000;
/** What has failed for so long was looked at often enough: it was decided on, so long ago that it is not read any more. */
const LOOKED_AT_MS = 3_600_000;

/**
 * When the pipeline must be looked at again because of what the ledger may do about its runs. What a look has missed, as its
 * clock stood a moment before, or as it only judged, is due at once: so nothing is left undecided, whoever looked when.
 */
export function nextLooks(
  runs: readonly ToldRun[],
  policy: Pick<RecoveryPolicy, 'retry' | 'allowed_since' | 'kill_after' | 'paused'>,
  recoveries: readonly Recovery[],
  now: Instant,
): readonly Instant[] {
  return runs.flatMap(({ run }) => {
    const isDecided = recoveries.some((each) => decisionAbout(each, run) !== undefined);
    const failedAt = failedAtOf(run, statusAt(run, now)) ?? now;
    const isRecent = epochMsOf(now) - epochMsOf(failedAt) < LOOKED_AT_MS;
    const undecided = isRecent && !isDecided && awaitsDecision(run, policy, NOTHING_DECIDED, now);
    const stops = recoveries.flatMap((each) => stopDecision(each, run.run_id) ?? []);
    const isStopping = stops.some(({ kind }) => kind === 'stop');
    const mayStop = stops.length === 0 && isOpenStatus(statusAt(run, now)) && !policy.paused;
    const stop = isStopping ? now : mayStop ? stopAt(run, policy) : undefined;
    return [
      undecided ? instantAfter(now, 1) : undefined,
      stop === undefined || stop > now ? stop : instantAfter(now, RECHECK_MS),
    ].filter((at) => at !== undefined);
  });
}

const NOTHING_DECIDED: Pick<Recovery, 'decisions'> = { decisions: [] };
