import { dateOf } from '../core/instant.ts';
import type { RunDates } from '../core/objects/data-object.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { isHeartbeatOnly } from '../core/run/heartbeat-only.ts';
import { merge, type Run } from '../core/run/run.ts';
import { indexOf, logDatesOf } from '../core/run/run-index.ts';
import { viewOf } from '../core/run/run-view.ts';

/**
 * Merges runs into the live store and tells the dates that SQL will need to derive the same runs from the lake. A
 * change that is only a heartbeat, younger than a third of the lease, is not written: the next one brings it.
 */
export async function trackRuns(live: LiveStore, runs: readonly Run[]): Promise<RunDates> {
  const logDates = new Set<string>();
  const runDates = new Set<string>();
  await live.updateRuns(runs, (stored, arriving) => {
    const run = stored === undefined ? arriving : merge(stored, arriving);
    const view = viewOf(run).run;
    for (const date of logDatesOf(run)) logDates.add(date);
    if (view.run_date) runDates.add(view.run_date);
    if (stored !== undefined) {
      if (isHeartbeatOnly(stored, run)) return undefined;
      runDates.add(viewOf(stored).run.run_date ?? dateOf(stored.first_event_at));
    }
    return { run, index: indexOf(run, view) };
  });
  return { log_dates: [...logDates].sort(), run_dates: [...runDates].sort() };
}
