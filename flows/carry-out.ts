import { epochMsOf, instantOf } from '../core/instant.ts';
import { distinctPipelines } from '../core/pipelines/pipeline-key.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import type { WakeUps } from '../core/ports/wake-ups.ts';
import { type RecoveryKey, recoveryDueAt } from '../core/recovery/recovery.ts';
import { appliedPipelines, expectationsIn } from './applied-pipelines.ts';
import { eachStage } from './catch-up.ts';
import { type EvaluatePorts, evaluateAgain } from './evaluate.ts';
import { type StartDuePorts, startDue } from './start-due.ts';
import { carryOutStop, pendingStops, type StopRunawaysPorts } from './stop-runaways.ts';
import { type TellDecisionsPorts, tellDecisions } from './tell-decisions.ts';

export type CarryOutPorts = Omit<StartDuePorts & StopRunawaysPorts & TellDecisionsPorts, 'expectations' | 'store'> &
  Omit<EvaluatePorts, 'store' | 'recoveries'> & {
    readonly store: ObjectStore;
    readonly recoveries: RecoveryStore;
    readonly wakeUps: WakeUps;
    readonly clock: Clock;
  };

/** What was carried out. */
export interface CarriedOut {
  readonly stopped: number;
  readonly started: number;
  /** Decisions that are events of their runs, and lines of the log, now. */
  readonly decisions: number;
  readonly errors: readonly unknown[];
}

const MAX_RECOVERIES = 500;
/** Each starts some at most: after a storm the rest waits for the next call. */
const MAX_ROUNDS = 5;
const SOON_MS = 1_000;

/**
 * Carries out what was decided about runs, where the deciders may not: stops what runs for too long, starts what is due,
 * tells the decisions, plans when to be called again, and judges the pipelines whose incidents may say something else now.
 * Calling it at any time, twice or at once, starts and stops nothing twice. `asked`: what is looked at in any case.
 */
export async function carryOut(ports: CarryOutPorts, asked: readonly RecoveryKey[]): Promise<CarriedOut> {
  const expectations = expectationsIn(await appliedPipelines(ports.store));
  const carrying = { ...ports, expectations };
  const now = () => ports.clock.now();
  const untold = () => ports.recoveries.untoldRecoveries(MAX_RECOVERIES);
  const [touched, errors]: [PipelineKey[], unknown[]] = [[], []];
  let [stopped, started, decisions] = [0, 0, 0];

  const stop = async (): Promise<void> => {
    for (const each of (await untold()).flatMap(pendingStops)) {
      if (await carryOutStop(ports, each, now())) stopped += 1;
      touched.push(each.key);
    }
  };
  const start = async (): Promise<void> => {
    for (let rounds = 0, last = 1; rounds < MAX_ROUNDS && last > 0; rounds++) {
      const done = await startDue(carrying, now(), rounds === 0 ? asked : []);
      touched.push(...done.pipelines);
      last = done.started;
      started += last;
    }
  };
  /** Before they are told: what is told is not found any more. */
  const wake = async (): Promise<void> => {
    for (const recovery of await untold()) {
      const due = recoveryDueAt(recovery);
      if (due === undefined) continue;
      // What has become due since it was looked at, or was one too many, is due soon. The clock looks every minute all the same.
      const soon = instantOf(epochMsOf(now()) + SOON_MS);
      await ports.wakeUps.plan(recovery, due > soon ? due : soon).catch((error: unknown) => errors.push(error));
    }
  };
  const tell = async (): Promise<void> => {
    decisions = await tellDecisions(ports);
  };
  const judge = async (): Promise<void> => {
    const { failures } = await evaluateAgain(ports, expectations, distinctPipelines(touched), now());
    errors.push(...failures);
  };
  await eachStage([stop, start, wake, tell, judge]);
  return { stopped, started, decisions, errors };
}
