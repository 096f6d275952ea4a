import type { LedgerEvent } from '../core/alert/ledger-event.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';
import { busFrom, clock, type Env, engineFrom, leaseFrom, liveFrom } from './ports.ts';
import { type Counts, logReport, type Report } from './report.ts';
import { type ScanMeter, scanMeter } from './scan-meter.ts';
import { type Invocation, isNearlyOver, withLease } from './with-lease.ts';

/** What a stage of the history lane works with. */
export interface StagePorts {
  readonly openEngine: (tryName: string, scanned: ScanMeter) => QueryEngine;
  readonly live: LiveStore;
  readonly lease: WriterLease;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly report: Report;
}

export interface Stage {
  /** The table it is the only writer of. */
  readonly table: string;
  /** What is reported when it was. */
  readonly done: string;
  /** Does what is due, once; false when nothing was. */
  readonly take: (engine: QueryEngine) => Promise<boolean>;
  /** What was done so far. */
  readonly counts: () => Counts | Promise<Counts>;
  /** What others may go on from; none when nothing was done. */
  readonly said: () => readonly LedgerEvent[];
}

/** Does what is due at a stage until nothing is or the time is nearly over, and says so; when nothing is due it starts no query. */
export async function runStage(ports: StagePorts, invocation: Invocation, stage: Stage): Promise<void> {
  const scanned = scanMeter();
  const engine = ports.openEngine(invocation.awsRequestId, scanned);
  try {
    const done = await withLease(ports, stage.table, invocation, async () => {
      while (!isNearlyOver(invocation) && (await stage.take(engine)));
      return true;
    });
    const counts = await stage.counts();
    ports.report(done ? stage.done : 'left to the other writer', { ...counts, scanned_bytes: scanned.bytes() });
  } finally {
    // What was done before a failure is taken further all the same.
    const said = stage.said();
    if (said.length > 0) await ports.bus.publish(said);
  }
}

export const stagePortsFrom = (env: Env): StagePorts => ({
  openEngine: (tryName, scanned) => engineFrom(env, tryName, scanned.add),
  ...{ live: liveFrom(env), lease: leaseFrom(env), bus: busFrom(env), clock, report: logReport() },
});
