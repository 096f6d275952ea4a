import type { Clock } from '../ports.ts';
import { hasEnded, viewOf } from '../run-view.ts';
import { statusAt } from '../status-at.ts';
import { aggregateMetrics } from './aggregate.ts';
import { type CompactPorts, compactEvents } from './compact.ts';
import { summarizeRuns } from './summarize.ts';
import { COMPACT_BYTES, SUMMARIZE_BYTES } from './tick.ts';

const MOST_OPEN_RUNS = 1000;

/**
 * Brings the tables to where the tracked objects and the clock are: what is due at each stage is done. Silent runs only
 * make their day due here; they stay to be told by who tells people.
 */
export async function catchUp(ports: CompactPorts & { readonly clock: Clock }): Promise<void> {
  const { engine, live, clock } = ports;
  while ((await compactEvents(ports, COMPACT_BYTES)).length > 0);
  while ((await summarizeRuns(engine, live, SUMMARIZE_BYTES)) > 0);
  const now = clock.now();
  const open = (await live.listRuns({ open: true, limit: MOST_OPEN_RUNS })).map((run) => viewOf(run).run);
  const silent = open.filter((run) => statusAt(run, now) === 'LOST' || hasEnded(statusAt(run, now)));
  await live.addDueDays(silent.flatMap(({ run_date }) => run_date ?? []));
  while ((await aggregateMetrics(engine, live, now)).length > 0);
}
