import type { Instant } from '../core/instant.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { viewOf } from '../core/run/run-view.ts';

/** What one check found. */
export interface Checked {
  /** How many runs were due to be checked. */
  readonly checked_at: number;
  /** Of these, runs whose lease has run out. */
  readonly silent: number;
}

const MAX_CHECKED = 500;

/**
 * Makes the days of runs that have fallen silent due, which only the clock can tell, so that the metrics count the silence.
 * The checks are marked done last: what is interrupted is done again.
 */
export async function checkDeadlines(live: LiveStore, now: Instant): Promise<Checked> {
  const runs = await live.dueRuns(now, MAX_CHECKED);
  if (runs.length === 0) return { checked_at: 0, silent: 0 };
  const silent = runs
    .map((run) => viewOf(run).run)
    .filter(({ lease_expires_at }) => lease_expires_at !== null && lease_expires_at <= now);
  await live.addDueDays([...new Set(silent.flatMap(({ run_date }) => run_date ?? []))]);
  await live.markChecked(runs, now);
  return { checked_at: runs.length, silent: silent.length };
}
