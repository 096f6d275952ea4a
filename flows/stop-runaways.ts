import type { Instant } from '../core/instant.ts';
import { expectationFor } from '../core/pipelines/expectations.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { Restarter } from '../core/ports/restarter.ts';
import { decideStop } from '../core/recovery/decide-stop.ts';
import { policyOf } from '../core/recovery/policy.ts';
import {
  type DecidedRun,
  type Decision,
  decided,
  newRecovery,
  type Recovery,
  type RecoveryKey,
  stopDecision,
} from '../core/recovery/recovery.ts';
import { stoppedEvent } from '../core/recovery/recovery-event.ts';
import { knownOf, type RecoverPorts } from './recover.ts';

export interface StopRunawaysPorts extends RecoverPorts {
  readonly restarter: Restarter;
  readonly sink: Pick<EventSink, 'send'>;
}

/** A run that is to be stopped, and why. */
export interface DecidedStop extends DecidedRun {
  readonly key: RecoveryKey;
  readonly why: string;
}

/**
 * Stops the runs of a pipeline that run for longer than the file allows, by the platform's own call, and tells that they
 * timed out once that is confirmed. What the ledger did not start it does not stop, and says so. Repeating it is safe: what
 * is stopped is known by its handle. Returns of how many runs it said something new.
 */
export async function stopRunaways(ports: StopRunawaysPorts, pipeline: PipelineKey, now: Instant): Promise<number> {
  const { stops, news } = await decideStops(ports, pipeline, now);
  for (const stop of stops) await carryOutStop(ports, stop, now);
  return news;
}

/**
 * Writes down which runs of a pipeline are to be stopped, and which are not though they run for too long. Returns those to
 * be stopped, and of how many runs there is something new to say.
 */
export async function decideStops(
  ports: RecoverPorts,
  pipeline: PipelineKey,
  now: Instant,
): Promise<{ readonly stops: readonly DecidedStop[]; readonly news: number }> {
  const { environment, process_name } = pipeline;
  const policy = policyOf(expectationFor(ports.expectations, environment, process_name));
  if (policy.kill_after === undefined) return { stops: [], news: 0 };
  const known = await knownOf(ports, pipeline);
  const stops: DecidedStop[] = [];
  let news = 0;
  for (const { run } of known.runs) {
    const begun = known.recoveries
      .flatMap((each) => stopDecision(each, run.run_id) ?? [])
      .find(({ kind }) => kind === 'stop');
    // One that was begun is finished, also when its run has ended meanwhile.
    const why = begun?.text ?? decideStop(run, policy, now);
    if (why === undefined || run.run_id === null) continue;
    const about = { run_id: run.run_id, run_attempt: run.run_attempt ?? 1 };
    const key = { environment, process_name, slot: known.slotOf(run) };
    const say = saying(key, about, now);
    const handle = await handleOf(ports.recoveries, key, run.run_id);
    let isToBeStopped = false;
    let isNew = false;
    await ports.recoveries.changeRecovery(key, (stored) => {
      const before = stored && stopDecision(stored, about.run_id);
      isToBeStopped = before?.kind === 'stop';
      isNew = before === undefined || isToBeStopped;
      if (before !== undefined) return stored;
      if (policy.dry_run) return say('no', 'NOT_STARTED_HERE', `${why}; only a dry run, so it is not stopped`)(stored);
      if (handle === undefined)
        return say('no', 'NOT_STARTED_HERE', `${why}; the ledger did not start it, so it does not stop it`)(stored);
      isToBeStopped = true;
      return say('stop', 'RUNAWAY', why)(stored);
    });
    if (isNew) news += 1;
    if (isToBeStopped && handle !== undefined && !policy.dry_run) stops.push({ ...about, key, why });
  }
  return { stops, news };
}

/** Runs of a slot that are to be stopped, and were not yet. */
export const pendingStops = (recovery: Recovery): readonly DecidedStop[] =>
  recovery.decisions.flatMap((each) =>
    each.kind === 'stop' && each === stopDecision(recovery, each.run_id)
      ? [{ run_id: each.run_id, run_attempt: each.run_attempt, key: recovery, why: each.text }]
      : [],
  );

/** Stops one run, and tells that it timed out. True when it does not run any more. */
export async function carryOutStop(
  { recoveries, restarter, sink }: Omit<StopRunawaysPorts, 'live' | 'expectations'>,
  { key, why, run_id, run_attempt }: DecidedStop,
  now: Instant,
): Promise<boolean> {
  const about = { run_id, run_attempt };
  const say = saying(key, about, now);
  const handle = await handleOf(recoveries, key, run_id);
  if (handle === undefined) return false;
  const stopped = await restarter.stop(handle);
  if (stopped.state === 'not_stopped') {
    await recoveries.changeRecovery(key, say('not_stopped', 'TARGET_REFUSED', stopped.why));
    return false;
  }
  const how =
    stopped.state === 'stopped'
      ? `stopped, as ${why}: ${stopped.how}`
      : `gone already when it was to be stopped, as ${why}`;
  await sink.send([new TextEncoder().encode(JSON.stringify(stoppedEvent(key, about, how, now)))]);
  await recoveries.changeRecovery(key, say('stopped', 'RUNAWAY', how));
  return true;
}

const saying =
  (key: RecoveryKey, about: DecidedRun, at: Instant) =>
  (kind: Decision['kind'], reason: Decision['reason'], text: string) =>
  (stored: Recovery | undefined): Recovery =>
    decided(stored ?? newRecovery(key), { at, kind, reason, text, ...about });

/** What a run is stopped by; undefined: the ledger did not start it, or its target stops nothing. */
async function handleOf(
  recoveries: StopRunawaysPorts['recoveries'],
  pipeline: PipelineKey,
  run_id: string,
): Promise<string | undefined> {
  const owner = await recoveries.recoveryOfRun(pipeline, run_id);
  return owner?.restarts.find((each) => each.run_id === run_id)?.handle;
}
