import { summarizeRuns as summarize } from '../core/flows/summarize.ts';
import type { Bus, Clock, LiveStore, QueryEngine, WriterLease } from '../core/ports.ts';
import { once } from './once.ts';
import { asOnlyWriter, type Invocation, isNearlyOver } from './only-writer.ts';
import { busFrom, clock, engineFrom, leaseFrom, liveFrom } from './ports.ts';
import { logReport, type Report } from './report.ts';
import { type Scanned, scanning } from './scanned.ts';

export interface SummarizeRunsPorts {
  readonly openEngine: (tryName: string, scanned: Scanned) => QueryEngine;
  readonly live: LiveStore;
  readonly lease: WriterLease;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly report: Report;
}

/** Gzipped bytes of the objects whose runs one statement derives. */
const SUMMARIZE_BYTES = 1024 * 1024 * 1024;

/** Derives the runs of compacted objects until none is left, and says so; without any it starts no query. */
export const summarizeRuns = (ports: SummarizeRunsPorts) => async (_event: unknown, invocation: Invocation) => {
  const scanned = scanning();
  const engine = ports.openEngine(invocation.awsRequestId, scanned);
  let objects = 0;
  try {
    const done = await asOnlyWriter(ports, 'pipeline_run_state', invocation, async () => {
      while (!isNearlyOver(invocation)) {
        const some = await summarize(engine, ports.live, SUMMARIZE_BYTES);
        if (some === 0) break;
        objects += some;
      }
      return true;
    });
    ports.report(done ? 'summarized' : 'left to the other writer', { objects, scanned_bytes: scanned.bytes() });
  } finally {
    if (objects > 0) await ports.bus.say([{ word: 'Runs Summarized', detail: { objects } }]);
  }
};

export const handler = once(() => {
  const { env } = process;
  return summarizeRuns({
    openEngine: (tryName, scanned) => engineFrom(env, tryName, scanned.add),
    ...{ live: liveFrom(env), lease: leaseFrom(env), bus: busFrom(env), clock, report: logReport() },
  });
});
