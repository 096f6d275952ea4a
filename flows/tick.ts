import type { LineCounts } from '../core/objects/data-object.ts';
import type { Clock } from '../core/ports/clock.ts';
import { aggregateMetrics } from './aggregate.ts';
import { checkDeadlines } from './check-deadlines.ts';
import { type CompactPorts, compactEvents } from './compact.ts';
import { summarizeRuns } from './summarize.ts';

export interface TickPorts extends CompactPorts {
  readonly clock: Clock;
}

export interface TickReport {
  readonly compacted: readonly LineCounts[];
  readonly summarized_objects: number;
  readonly aggregated_days: readonly string[];
}

/** Bytes of lines one statement takes: the engine holds them typed, several times their size. */
export const COMPACT_BYTES = 96 * 1024 * 1024;
/** Bytes of lines whose runs one statement derives: of more, an engine of 500 MB spills, and takes half as long again. */
export const SUMMARIZE_BYTES = 256 * 1024 * 1024;

/**
 * The history lane, once through: compact, summarize, aggregate, each from its own marks. Goes on until nothing is
 * due or `stop()` says so; what is left is taken by the next tick.
 */
export async function tick(ports: TickPorts, stop: () => boolean = () => false): Promise<TickReport> {
  const { engine, live, clock } = ports;
  const compacted: LineCounts[] = [];
  let summarized = 0;
  const days: string[] = [];
  while (!stop()) {
    const counts = await compactEvents(ports, COMPACT_BYTES);
    if (counts.length === 0) break;
    compacted.push(...counts);
  }
  while (!stop()) {
    const objects = await summarizeRuns(engine, live, SUMMARIZE_BYTES);
    if (objects === 0) break;
    summarized += objects;
  }
  await checkDeadlines(live, clock.now());
  while (!stop()) {
    const aggregated = await aggregateMetrics(engine, live, clock.now());
    if (aggregated.length === 0) break;
    days.push(...aggregated);
  }
  return { compacted, summarized_objects: summarized, aggregated_days: days };
}
