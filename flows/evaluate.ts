import type { Instant } from '../core/instant.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { appliedPipelines, expectationsIn } from './applied-pipelines.ts';
import type { EvaluatePipelinePorts } from './evaluate-pipeline.ts';
import { asksForSteps, changedRuns, type Evaluated, evaluateChanged, evaluateDue } from './evaluate-touched.ts';

/** What evaluating works with where notices are sent by somebody else: on AWS, by a function that may reach people. */
export interface EvaluatePorts extends Omit<EvaluatePipelinePorts, 'expectations'> {
  /** Where the file of pipelines lies that holds. */
  readonly store: Pick<ObjectStore, 'get'>;
  readonly bus: Bus;
}

/** Judges the pipelines of runs that have changed, and asks for their notices to be sent. */
export async function evaluateRuns(
  ports: EvaluatePorts,
  transitions: readonly RunTransition[],
  now: Instant,
): Promise<Evaluated> {
  const isUntouched = transitions.every(({ before, after }) => before === after);
  if (isUntouched) return { pipelines: 0, changed: [], news: [], failed: [], failures: [] };
  const evaluating = await expecting(ports);
  const runs = changedRuns(transitions, asksForSteps(evaluating.expectations));
  const evaluated = await evaluateChanged(evaluating, runs, now);
  const { changed, news } = evaluated;
  if (news.length > 0 || changed.some(({ outbox }) => outbox.length > 0)) await askToSend(ports);
  return evaluated;
}

/**
 * Judges the pipelines that are due by the clock. Asks for notices to be sent as long as any waits: what was asked before
 * may have been lost, or a channel was away.
 */
export async function evaluateClock(
  ports: Omit<EvaluatePorts, 'store'>,
  expectations: Expectations,
  now: Instant,
): Promise<Evaluated> {
  const evaluated = await evaluateDue({ ...ports, expectations }, now);
  const waiting = await ports.incidents.unsentIncidents(1);
  if (evaluated.news.length + waiting.length > 0) await askToSend(ports);
  return evaluated;
}

const expecting = async (ports: EvaluatePorts): Promise<EvaluatePipelinePorts> => ({
  ...ports,
  expectations: expectationsIn(await appliedPipelines(ports.store)),
});

const askToSend = ({ bus }: Pick<EvaluatePorts, 'bus'>): Promise<void> =>
  bus.publish([{ type: 'Notices Waiting', detail: {} }]);
