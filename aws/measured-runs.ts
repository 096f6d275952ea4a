import { MetricUnit } from '@aws-lambda-powertools/metrics';
import * as z from 'zod';
import type { RunTransition } from '../core/ports/live-runs.ts';
import { viewOf } from '../core/run/run-view.ts';
import { hasEnded } from '../core/run/work-view.ts';
import { type Env, setting } from './env.ts';
import { metrics } from './telemetry.ts';

/** A run that has just ended. */
export interface EndedRun {
  readonly pipeline: string;
  readonly outcome: 'succeeded' | 'failed';
  readonly duration_ms: number | null;
}

/** Which pipelines are measured: CloudWatch bills each metric of each of them by the month. */
export interface Measured {
  readonly environment: string;
  readonly pipelines: ReadonlySet<string>;
}

export const measuredFrom = (env: Env): Measured => ({
  environment: setting(env, 'LEDGER_ENVIRONMENT'),
  pipelines: new Set(z.array(z.string()).parse(JSON.parse(env.LEDGER_MEASURED_PIPELINES ?? '[]'))),
});

/** Runs of measured pipelines that these transitions ended. One that had ended before is not counted again. */
export function endedRuns(
  transitions: readonly RunTransition[],
  { environment, pipelines }: Measured,
): readonly EndedRun[] {
  return transitions.flatMap(({ before, after }): readonly EndedRun[] => {
    const pipeline = after.process_name;
    if (pipeline === null || !pipelines.has(pipeline) || after.environment !== environment || before === after)
      return [];
    const { status, duration_ms } = viewOf(after).run;
    const isOver = isEnd(status) && status !== 'SKIPPED';
    if (!isOver || (before !== undefined && isEnd(viewOf(before).run.status))) return [];
    const outcome = status === 'SUCCESS' ? 'succeeded' : 'failed';
    return [{ pipeline, outcome, duration_ms }];
  });
}

const isEnd = (status: string | null): boolean => status !== null && hasEnded(status);

/** Measures them, in the log of the function, from which CloudWatch takes them. */
export function measureRuns(ended: readonly EndedRun[]): void {
  for (const { pipeline, outcome, duration_ms } of ended) {
    const measure = (name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void => {
      metrics.singleMetric().addDimension('pipeline', pipeline).addMetric(name, unit, value);
    };
    measure('runs_succeeded', MetricUnit.Count, outcome === 'succeeded' ? 1 : 0);
    measure('runs_failed', MetricUnit.Count, outcome === 'failed' ? 1 : 0);
    if (duration_ms !== null) measure('run_duration_seconds', MetricUnit.Seconds, duration_ms / 1000);
  }
}
