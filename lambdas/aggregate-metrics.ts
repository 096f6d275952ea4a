import { aggregateMetrics as aggregate } from '../core/flows/aggregate.ts';
import { once } from './once.ts';
import { asOnlyWriter, type Invocation, isNearlyOver } from './only-writer.ts';
import { busFrom, clock, engineFrom, leaseFrom, liveFrom } from './ports.ts';
import { logReport } from './report.ts';
import { scanning } from './scanned.ts';
import type { SummarizeRunsPorts } from './summarize-runs.ts';

export type AggregateMetricsPorts = SummarizeRunsPorts;

/** Recomputes `job_metrics` for the days that are due, and says which; without any it starts no query. */
export const aggregateMetrics = (ports: AggregateMetricsPorts) => async (_event: unknown, invocation: Invocation) => {
  const scanned = scanning();
  const engine = ports.openEngine(invocation.awsRequestId, scanned);
  const run_dates: string[] = [];
  try {
    const done = await asOnlyWriter(ports, 'job_metrics', invocation, async () => {
      while (!isNearlyOver(invocation)) {
        const some = await aggregate(engine, ports.live, ports.clock.now());
        if (some.length === 0) break;
        run_dates.push(...some);
      }
      return true;
    });
    ports.report(done ? 'aggregated' : 'left to the other writer', {
      days: run_dates.length,
      scanned_bytes: scanned.bytes(),
    });
  } finally {
    if (run_dates.length > 0) await ports.bus.say([{ word: 'Metrics Aggregated', detail: { run_dates } }]);
  }
};

export const handler = once(() => {
  const { env } = process;
  return aggregateMetrics({
    openEngine: (tryName, scanned) => engineFrom(env, tryName, scanned.add),
    ...{ live: liveFrom(env), lease: leaseFrom(env), bus: busFrom(env), clock, report: logReport() },
  });
});
