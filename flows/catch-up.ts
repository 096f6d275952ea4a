import type { Clock } from '../core/ports/clock.ts';
import { aggregateMetrics } from './aggregate.ts';
import { countSilence } from './check-deadlines.ts';
import { type CompactPorts, compactEvents } from './compact.ts';
import { summarizeRuns } from './summarize.ts';
import { COMPACT_BYTES, SUMMARIZE_BYTES } from './tick.ts';

const LOOKS = 1000;

/**
 * Brings the tables to where the tracked objects and the clock are: what is due at each stage is done. Runs that fell
 * silent only make their day due; the looks at them are not marked, and whoever tells people finds them still.
 */
export async function catchUp(ports: CompactPorts & { readonly clock: Clock }): Promise<void> {
  const { engine, live, clock } = ports;
  while ((await compactEvents(ports, COMPACT_BYTES)).length > 0);
  while ((await summarizeRuns(engine, live, SUMMARIZE_BYTES)) > 0);
  const now = clock.now();
  await countSilence(live, await live.dueRuns(now, LOOKS), now);
  while ((await aggregateMetrics(engine, live, now)).length > 0);
}
