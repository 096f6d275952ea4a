import { deployed } from '../aws/deployed.ts';
import { aggregateMetricsPorts } from '../aws/function-ports.ts';
import { runStage, type StagePorts } from '../aws/stage.ts';
import type { Invocation } from '../aws/with-lease.ts';
import { aggregateMetrics } from '../flows/aggregate.ts';

/** Recomputes `job_metrics` until no day is due, and publishes which days it took. */
export const handlerOf = (ports: StagePorts) => (_event: unknown, invocation: Invocation) =>
  runStage(ports, invocation, {
    writer: 'job_metrics',
    done: 'aggregated',
    take: (engine) => aggregateMetrics(engine, ports.live, ports.clock.now()),
    countsOf: (days) => ({ days: days.length }),
    eventOf: (run_dates) => ({ type: 'Metrics Aggregated', detail: { run_dates } }),
  });

export const handler = deployed(aggregateMetricsPorts, handlerOf);
