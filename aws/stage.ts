import type { LedgerEvent } from '../core/alert/ledger-event.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';
import type { WRITERS } from '../core/table-writers.ts';
import { drain } from '../flows/drain.ts';
import type { Counts, Report } from './report.ts';
import { type ScanMeter, scanMeter } from './scan-meter.ts';
import { withCleanup } from './with-cleanup.ts';
import { type Invocation, isNearlyOver, withLease } from './with-lease.ts';

/**
 * Opens an engine whose statements end before the invocation does. A statement that the same try sends again is not run
 * again.
 */
export type OpenEngine = (
  tryName: string,
  invocation: Pick<Invocation, 'getRemainingTimeInMillis'>,
  scanned?: ScanMeter,
) => QueryEngine;

/** What a stage of the history lane works with. */
export interface StagePorts {
  readonly openEngine: OpenEngine;
  readonly live: LiveStore;
  readonly lease: WriterLease;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly report: Report;
}

/** A stage of the history lane that takes items: objects or days. */
export interface Stage<Item> {
  /** The lease that it holds. */
  readonly writer: (typeof WRITERS)[number];
  /** The title of its report when it held the lease. */
  readonly done: string;
  /** Does once what is due and resolves to what it took; nothing when nothing was due. */
  readonly take: (engine: QueryEngine) => Promise<readonly Item[]>;
  /** What it reports of all that it took. */
  readonly countsOf: (taken: readonly Item[]) => Counts;
  /** What it publishes of all that it took, when that is anything: the next stage starts from it. */
  readonly eventOf: (taken: readonly Item[]) => LedgerEvent;
}

/**
 * Does what is due at a stage until nothing is or the time is nearly over, reports it and publishes it. What was done
 * before a failure is published all the same; then the failure is thrown. When nothing is due it starts no query.
 */
export async function runStage<Item>(ports: StagePorts, invocation: Invocation, stage: Stage<Item>): Promise<void> {
  const scanned = scanMeter();
  const engine = ports.openEngine(invocation.awsRequestId, invocation, scanned);
  const taken: Item[] = [];
  const takeAll = async (): Promise<void> => {
    const isOurs = await withLease(ports, stage.writer, invocation, async () => {
      await drain(
        () => stage.take(engine),
        () => isNearlyOver(invocation),
        taken,
      );
      return true;
    });
    const counts = { ...stage.countsOf(taken), scanned_bytes: scanned.bytes() };
    ports.report(isOurs ? stage.done : 'left to the other writer', counts);
  };
  await withCleanup(takeAll, async () => {
    if (taken.length > 0) await ports.bus.publish([stage.eventOf(taken)]);
  });
}
