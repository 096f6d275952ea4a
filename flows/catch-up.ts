import type { Clock } from '../core/ports/clock.ts';
import { aggregateMetrics } from './aggregate.ts';
import { checkDeadlines, countSilentRuns } from './check-deadlines.ts';
import { type CompactPorts, compactEvents } from './compact.ts';
import { drain } from './drain.ts';
import type { EvaluatePorts } from './evaluate.ts';
import { summarizeRuns } from './summarize.ts';

/** How much one statement takes, in bytes of objects as they are stored: plain lines on a laptop, gzip on AWS. */
export interface StatementLimits {
  readonly compactBytes: number;
  readonly summarizeBytes: number;
}

/** What the history lane works with. */
export interface CatchUpPorts extends CompactPorts {
  readonly clock: Clock;
  readonly limits: StatementLimits;
  /**
   * Where alerts go that the clock raises. `elsewhere`: another function checks the deadlines, so they stay due for it;
   * silent runs only make their days due.
   */
  readonly alerts: EvaluatePorts | 'elsewhere';
}

/**
 * The history lane, once through: brings the tables to where the tracked objects and the clock are, each stage from its
 * own marks. Goes on until nothing is due or `stop()` says so; what is left is taken by the next call.
 */
export async function catchUp(ports: CatchUpPorts, stop?: () => boolean): Promise<void> {
  const { engine, live, clock, limits, alerts } = ports;
  await drain(() => compactEvents(ports, limits.compactBytes), stop);
  await drain(() => summarizeRuns(engine, live, limits.summarizeBytes), stop);
  if (alerts === 'elsewhere') await countSilentRuns(live, clock.now());
  else await checkDeadlines(live, clock.now(), alerts);
  await drain(() => aggregateMetrics(engine, live, clock.now()), stop);
}
