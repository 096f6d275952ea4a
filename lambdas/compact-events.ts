import { type CompactPorts, compactEvents as compact } from '../core/flows/compact.ts';
import { lagOf } from '../core/flows/lag.ts';
import type { Bus, Clock, LineCounts, WriterLease } from '../core/ports.ts';
import { once } from './once.ts';
import { asOnlyWriter, type Invocation, isNearlyOver } from './only-writer.ts';
import { busFrom, clock, engineFrom, leaseFrom, liveFrom, sinkFrom, storeFrom } from './ports.ts';
import { logReport, type Report } from './report.ts';
import { type Scanned, scanning } from './scanned.ts';

export interface CompactEventsPorts extends Omit<CompactPorts, 'engine'> {
  readonly openEngine: (tryName: string, scanned: Scanned) => CompactPorts['engine'];
  readonly lease: WriterLease;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly report: Report;
}

/** Gzipped bytes that one statement takes; twenty times as many lines. */
const COMPACT_BYTES = 96 * 1024 * 1024;

/** Takes tracked objects into `pipeline_logs` until none is left, and says so; without any it starts no query. */
export const compactEvents = (ports: CompactEventsPorts) => async (_event: unknown, invocation: Invocation) => {
  const scanned = scanning();
  const engine = ports.openEngine(invocation.awsRequestId, scanned);
  const counts: LineCounts[] = [];
  try {
    const done = await asOnlyWriter(ports, 'pipeline_logs', invocation, async () => {
      while (!isNearlyOver(invocation)) {
        const some = await compact({ ...ports, engine }, COMPACT_BYTES);
        if (some.length === 0) break;
        counts.push(...some);
      }
      return true;
    });
    ports.report(done ? 'compacted' : 'left to the other writer', {
      ...totalOf(counts),
      scanned_bytes: scanned.bytes(),
      ...(await lagOf(ports.live, ports.clock.now())),
    });
  } finally {
    // What was taken in before a failure is taken further all the same.
    const { objects, inserted } = totalOf(counts);
    if (objects > 0) await ports.bus.say([{ word: 'Events Compacted', detail: { objects, inserted } }]);
  }
};

function totalOf(counts: readonly LineCounts[]) {
  const total = { objects: counts.length, lines: 0, inserted: 0, duplicates: 0, unreadable: 0, unaccepted: 0 };
  for (const each of counts) {
    total.lines += each.lines;
    total.inserted += each.inserted;
    total.duplicates += each.duplicates;
    total.unreadable += each.unreadable;
    total.unaccepted += each.unaccepted;
  }
  return total;
}

export const handler = once(() => {
  const { env } = process;
  return compactEvents({
    openEngine: (tryName, scanned) => engineFrom(env, tryName, scanned.add),
    ...{ live: liveFrom(env), store: storeFrom(env), sink: sinkFrom(env), lease: leaseFrom(env), bus: busFrom(env) },
    ...{ clock, report: logReport() },
  });
});
