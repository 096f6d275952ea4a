import type { LedgerEvent } from '../core/alert/ledger-event.ts';
import type { Instant } from '../core/instant.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import { appliedPipelines, expectationsIn } from './applied-pipelines.ts';
import { decideRecoveries, startsOrStops } from './decide-recoveries.ts';
import type { EvaluatePipelinePorts } from './evaluate-pipeline.ts';
import { asksForSteps, changedRuns, type Evaluated, evaluateChanged, evaluatePipelines } from './evaluate-touched.ts';

/**
 * What evaluating works with where notices are sent, and runs are started, by somebody else: on AWS, by functions that may
 * reach people and targets.
 */
export interface EvaluatePorts extends Omit<EvaluatePipelinePorts, 'expectations' | 'recoveries'> {
  /** Undefined: this ledger starts nothing. */
  readonly recoveries?: RecoveryStore | undefined;
  /** Where the file of pipelines lies that holds. */
  readonly store: Pick<ObjectStore, 'get'>;
  readonly bus: Bus;
}

const MAX_DUE = 500;

/** Decides on failed runs, judges the pipelines of runs that have changed, and asks for what follows to be sent and started. */
export async function evaluateRuns(
  ports: EvaluatePorts,
  transitions: readonly RunTransition[],
  now: Instant,
): Promise<Evaluated> {
  const isUntouched = transitions.every(({ before, after }) => before === after);
  if (isUntouched) return { pipelines: 0, changed: [], news: [], failed: [], failures: [] };
  const expectations = expectationsIn(await appliedPipelines(ports.store));
  const runs = changedRuns(transitions, asksForSteps(expectations));
  const decided = await decideRecoveries(ports, expectations, runs, [], now);
  const evaluated = await evaluateChanged({ ...ports, expectations }, runs, now);
  const { changed, news } = evaluated;
  await ask(ports, {
    toSend: news.length > 0 || changed.some(({ outbox }) => outbox.length > 0),
    toCarryOut: decided.changed > 0,
  });
  return { ...evaluated, failures: [...evaluated.failures, ...decided.failures] };
}

/**
 * Judges the pipelines that are due by the clock, after it has decided on their failed runs. Asks for notices to be sent, and
 * for decisions to be carried out, as long as any waits: what was asked before may have been lost, or a channel was away.
 */
export async function evaluateClock(
  ports: Omit<EvaluatePorts, 'store'>,
  expectations: Expectations,
  now: Instant,
): Promise<Evaluated> {
  const due = await ports.watches.dueWatches(now, MAX_DUE);
  const decided = await decideRecoveries(ports, expectations, [], due, now);
  const evaluated = await evaluatePipelines({ ...ports, expectations }, due, now);
  await ask(ports, {
    toSend: evaluated.news.length > 0 || (await isUnsent(ports)),
    toCarryOut: decided.changed > 0 || (startsOrStops(expectations) && (await isToBeCarriedOut(ports, now))),
  });
  return { ...evaluated, failures: [...evaluated.failures, ...decided.failures] };
}

/** Judges these pipelines again, because of something that is no run, and asks for notices to be sent. */
export async function evaluateAgain(
  ports: Omit<EvaluatePorts, 'store'>,
  expectations: Expectations,
  pipelines: readonly PipelineKey[],
  now: Instant,
): Promise<Evaluated> {
  const evaluated = await evaluatePipelines({ ...ports, expectations }, pipelines, now);
  const { changed, news } = evaluated;
  await ask(ports, { toSend: news.length > 0 || changed.some(({ outbox }) => outbox.length > 0), toCarryOut: false });
  return evaluated;
}

const isUnsent = async ({ incidents }: Pick<EvaluatePorts, 'incidents'>): Promise<boolean> =>
  (await incidents.unsentIncidents(1)).length > 0;

async function isToBeCarriedOut({ recoveries }: Pick<EvaluatePorts, 'recoveries'>, now: Instant): Promise<boolean> {
  if (recoveries === undefined) return false;
  return (await recoveries.dueRecoveries(now, 1)).length > 0 || (await recoveries.untoldRecoveries(1)).length > 0;
}

async function ask(
  { bus }: Pick<EvaluatePorts, 'bus'>,
  { toSend, toCarryOut }: { readonly toSend: boolean; readonly toCarryOut: boolean },
): Promise<void> {
  const events: LedgerEvent[] = [
    ...(toCarryOut ? [{ type: 'Recoveries Waiting' as const, detail: {} }] : []),
    ...(toSend ? [{ type: 'Notices Waiting' as const, detail: {} }] : []),
  ];
  if (events.length > 0) await bus.publish(events);
}
