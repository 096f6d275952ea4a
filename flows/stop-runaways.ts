import type { Instant } from '../core/instant.ts';
import { expectationFor } from '../core/pipelines/expectations.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { Restarter } from '../core/ports/restarter.ts';
import { decideStop } from '../core/recovery/decide-stop.ts';
import { policyOf } from '../core/recovery/policy.ts';
import { type Decision, decided, newRecovery, type Recovery, stopDecision } from '../core/recovery/recovery.ts';
import { stoppedEvent } from '../core/recovery/recovery-event.ts';
import { knownOf, type RecoverPorts } from './recover.ts';

export interface StopRunawaysPorts extends RecoverPorts {
  readonly restarter: Restarter;
  readonly sink: Pick<EventSink, 'send'>;
}

/**
 * Stops the runs of a pipeline that run for longer than the file allows, by the platform's own call, and tells that they
 * timed out once that is confirmed. What the ledger did not start it does not stop, and says so. Repeating it is safe: what
 * is stopped is known by its handle. Returns of how many runs it said something new.
 */
export async function stopRunaways(ports: StopRunawaysPorts, pipeline: PipelineKey, now: Instant): Promise<number> {
  const { environment, process_name } = pipeline;
  const policy = policyOf(expectationFor(ports.expectations, environment, process_name));
  if (policy.kill_after === undefined) return 0;
  const known = await knownOf(ports, pipeline);
  let count = 0;
  for (const { run } of known.runs) {
    const begun = known.recoveries
      .flatMap((each) => stopDecision(each, run.run_id) ?? [])
      .find(({ kind }) => kind === 'stop');
    // One that was begun is finished, also when its run has ended meanwhile.
    const why = begun?.text ?? decideStop(run, policy, now);
    if (why === undefined || run.run_id === null) continue;
    const about = { run_id: run.run_id, run_attempt: run.run_attempt ?? 1 };
    const key = { environment, process_name, slot: known.slotOf(run) };
    const say = (kind: Decision['kind'], reason: Decision['reason'], text: string) => (stored: Recovery | undefined) =>
      decided(stored ?? newRecovery(key), { at: now, kind, reason, text, ...about });
    const owner = await ports.recoveries.recoveryOfRun(pipeline, run.run_id);
    const handle = owner?.restarts.find(({ run_id }) => run_id === run.run_id)?.handle;
    let isFirst = false;
    await ports.recoveries.changeRecovery(key, (stored) => {
      const before = stored && stopDecision(stored, run.run_id);
      isFirst = before === undefined || before.kind === 'stop';
      if (before !== undefined) return stored;
      if (policy.dry_run) return say('no', 'NOT_STARTED_HERE', `${why}; only a dry run, so it is not stopped`)(stored);
      if (handle === undefined)
        return say('no', 'NOT_STARTED_HERE', `${why}; the ledger did not start it, so it does not stop it`)(stored);
      return say('stop', 'RUNAWAY', why)(stored);
    });
    if (!isFirst) continue;
    count += 1;
    if (handle === undefined || policy.dry_run) continue;
    const stopped = await ports.restarter.stop(handle);
    if (stopped.state === 'not_stopped') {
      await ports.recoveries.changeRecovery(key, say('not_stopped', 'TARGET_REFUSED', stopped.why));
      continue;
    }
    const how =
      stopped.state === 'stopped'
        ? `stopped, as ${why}: ${stopped.how}`
        : `gone already when it was to be stopped, as ${why}`;
    await ports.sink.send([new TextEncoder().encode(JSON.stringify(stoppedEvent(key, about, how, now)))]);
    await ports.recoveries.changeRecovery(key, say('stopped', 'RUNAWAY', how));
  }
  return count;
}
