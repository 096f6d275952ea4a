import type { Clock } from '../core/ports/clock.ts';
import { aggregateMetrics } from './aggregate.ts';
import { checkDeadlines } from './check-deadlines.ts';
import { type CompactPorts, compactEvents } from './compact.ts';
import { drain } from './drain.ts';
import { type SummarizePorts, summarizeRuns } from './summarize.ts';

/** How much one statement takes, in bytes of objects as they are stored: plain lines on a laptop, gzip on AWS. */
export interface StatementLimits {
  readonly compactBytes: number;
  readonly summarizeBytes: number;
}

/** What the history lane works with. */
export interface CatchUpPorts extends CompactPorts, SummarizePorts {
  readonly clock: Clock;
  readonly limits: StatementLimits;
}

/**
 * The history lane, once through: brings the tables to where the tracked objects and the clock are, each stage from its
 * own marks. Goes on until nothing is due or `stop()` says so; what is left is taken by the next call. A stage that fails
 * does not hold up the others, which take what there is; the first failure is thrown at the end.
 */
export async function catchUp(ports: CatchUpPorts, stop?: () => boolean): Promise<void> {
  const { engine, live, clock, limits } = ports;
  await eachStage([
    () => drain(() => compactEvents(ports, limits.compactBytes), stop),
    () => drain(() => summarizeRuns(ports, limits.summarizeBytes), stop),
    () => checkDeadlines(live, clock.now()),
    () => drain(() => aggregateMetrics(engine, live, clock.now()), stop),
  ]);
}

/** Does every stage in turn, whatever becomes of those before it, then throws the first failure. */
export async function eachStage(stages: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const stage of stages) await stage().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
