import { beginningOf } from '../core/alert/run-course.ts';
import { downstreamNames } from '../core/pipelines/dependencies.ts';
import { expectationFor } from '../core/pipelines/expectations.ts';
import { pipelineOf } from '../core/pipelines/pipeline-key.ts';
import type { Clock } from '../core/ports/clock.ts';
import { withRequest } from '../core/recovery/change-recovery.ts';
import { type AskedReplay, planReplay, type ReplayPlan, type ReplayRequest } from '../core/recovery/plan-replay.ts';
import { policyOf } from '../core/recovery/policy.ts';
import {
  newRecovery,
  type Recovery,
  type RecoveryKey,
  type Restart,
  type StartedRun,
} from '../core/recovery/recovery.ts';
import { NoSuchRunError, RequestRefusedError, type StartRequest } from '../core/recovery/start-request.ts';
import { toldRunOf } from '../core/run/told-run.ts';
import { knownOf, type RecoverPorts } from './recover.ts';

export interface RequestRunPorts extends RecoverPorts {
  readonly clock: Clock;
}

const MAX_SAME_ID = 10;

/** What a replay would do. Changes nothing. */
export async function planReplayOf(ports: RequestRunPorts, request: ReplayRequest): Promise<ReplayPlan> {
  const { run_id, environment, process_name } = request;
  const found = await ports.live.listRuns({ run_id, environment, process_name, limit: MAX_SAME_ID });
  const [first] = found;
  if (first === undefined)
    throw new NoSuchRunError(`expected a run ${run_id}, but the ledger knows none, or keeps it no longer`);
  if (found.length > 1)
    throw new RequestRefusedError(
      `expected one run ${run_id}, but ${found.length} have that id; name its pipeline and environment`,
    );
  const told = toldRunOf(first);
  const pipeline = pipelineOf(told.run);
  const known = await knownOf(ports, pipeline, [told]);
  const name = known.slotOf(told.run);
  const beginning = beginningOf(told.run) ?? '';
  const later = known.runs
    .filter((each) => (beginningOf(each.run) ?? '') > beginning)
    .sort((a, b) => ((beginningOf(a.run) ?? '') < (beginningOf(b.run) ?? '') ? 1 : -1))[0];
  return planReplay(request, {
    policy: known.policy,
    told,
    slot: { name, runs: known.runs.filter((each) => known.slotOf(each.run) === name) },
    later,
    restarts: known.recoveries.flatMap(({ restarts }) => restarts),
    downstream: downstreamNames(ports.expectations, pipeline),
    now: ports.clock.now(),
  });
}

/** Writes down that a person wants a run to run again: it is started as what is due is. Asking twice with one id is asking once. */
export async function requestReplay(ports: RequestRunPorts, request: AskedReplay): Promise<RecoveryKey> {
  const plan = await planReplayOf(ports, request);
  const key = { environment: plan.environment, process_name: plan.process_name, slot: plan.slot };
  const before = await ports.recoveries.recoveryOfRun(key, request.new_run_id);
  if (before !== undefined) return before;
  if (plan.problems.length > 0) throw new RequestRefusedError(plan.problems.join('; '));
  const from = plan.run.from_step === undefined ? 'from its start' : `from step ${plan.run.from_step}`;
  const because = request.why === undefined ? '' : `: ${request.why}`;
  const text = `${request.who} asked for it to run again ${from}, as ${request.new_run_id}${because}`;
  await planned(ports, key, plan.run, { of_run_id: plan.of_run_id, who: request.who, text, reason: 'REQUESTED' });
  return key;
}

/** Writes down that a person wants the first run of a slot. */
export async function requestStart(ports: RequestRunPorts, request: StartRequest): Promise<RecoveryKey> {
  const { environment, process_name, run_id, who, run_mode, params, scheduled_for } = request;
  const pipeline = { environment, process_name };
  const { restart } = policyOf(expectationFor(ports.expectations, environment, process_name));
  const before = await ports.recoveries.recoveryOfRun(pipeline, run_id);
  if (before !== undefined) return before;
  if (restart === undefined)
    throw new RequestRefusedError(
      `expected a restart target of ${process_name} in the file of pipelines, but got none: nothing says how to start it`,
    );
  const taken = await ports.live.listRuns({ environment, process_name, run_id, limit: 1 });
  if (taken.length > 0) throw new RequestRefusedError(`expected a new id, but there is a run ${run_id} already`);
  const slot = scheduled_for ?? `run ${run_id}`;
  const run: StartedRun = {
    ...{ run_id, root_run_id: run_id, run_attempt: 1, run_mode, params },
    ...(scheduled_for !== undefined && { scheduled_for }),
  };
  const reason = run_mode === 'backfill' ? 'BACKFILL' : 'REQUESTED';
  const text = `${who} asked for a run${scheduled_for === undefined ? '' : ` of the slot ${scheduled_for}`}`;
  await planned(ports, { ...pipeline, slot }, run, { who, text, reason });
  return { ...pipeline, slot };
}

const planned = (
  { recoveries, clock }: RequestRunPorts,
  key: RecoveryKey,
  run: StartedRun,
  request: Parameters<typeof withRequest>[2],
): Promise<Recovery | undefined> =>
  recoveries.changeRecovery(key, (stored) => withRequest(stored ?? newRecovery(key), run, request, clock.now()));

/** How a start that was asked for stands. */
export async function restartOf({ recoveries }: RequestRunPorts, key: RecoveryKey, run_id: string): Promise<Restart> {
  const restart = (await recoveries.recoveryOfRun(key, run_id))?.restarts.find((each) => each.run_id === run_id);
  if (restart === undefined) throw new Error(`expected the start of ${run_id} to be planned, but there is none`);
  return restart;
}
