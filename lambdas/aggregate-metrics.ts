import { lazyHandler } from '../aws/lazy-handler.ts';
import { runStage, type StagePorts, stagePortsFrom } from '../aws/stage.ts';
import type { Invocation } from '../aws/with-lease.ts';
import { aggregateMetrics as aggregate } from '../flows/aggregate.ts';

/** Recomputes `job_metrics` for the days that are due, and says which. */
export const aggregateMetrics = (ports: StagePorts) => (_event: unknown, invocation: Invocation) => {
  const run_dates: string[] = [];
  return runStage(ports, invocation, {
    table: 'job_metrics',
    done: 'aggregated',
    take: async (engine) => {
      const some = await aggregate(engine, ports.live, ports.clock.now());
      run_dates.push(...some);
      return some.length > 0;
    },
    counts: () => ({ days: run_dates.length }),
    said: () => (run_dates.length > 0 ? [{ type: 'Metrics Aggregated', detail: { run_dates } }] : []),
  });
};

export const handler = lazyHandler(() => aggregateMetrics(stagePortsFrom(process.env)));
