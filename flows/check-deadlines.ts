import type { Instant } from '../core/instant.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { Run } from '../core/run/run.ts';
import { viewOf } from '../core/run/run-view.ts';
import { type EvaluatePorts, evaluateRuns } from './evaluate.ts';

/** What one check found. */
export interface Checked {
  /** How many runs were due to be checked. */
  readonly checked_at: number;
  /** Of these, runs whose lease has run out. */
  readonly silent: number;
  /** Alerts published. */
  readonly published: number;
}

const MAX_CHECKED = 500;

/**
 * Finds what only the clock can tell: runs over their SLA, and runs that have fallen silent. Silence makes a run's day
 * due, so that it reaches the metrics. The checks are marked done last: what is interrupted is done again.
 */
export async function checkDeadlines(live: LiveStore, now: Instant, alerts: EvaluatePorts): Promise<Checked> {
  const runs = await live.dueRuns(now, MAX_CHECKED);
  if (runs.length === 0) return { checked_at: 0, silent: 0, published: 0 };
  const silent = await makeDaysDue(live, runs, now);
  if (silent > 0) await alerts.bus.publish([{ type: 'Runs Silent', detail: { runs: silent } }]);
  const published = await evaluateRuns(alerts, runs, now);
  await live.markChecked(runs, now);
  return { checked_at: runs.length, silent, published };
}

const MAX_COUNTED = 1000;

/**
 * Makes the days of silent runs due, so that the metrics count the silence, and leaves their checks due for
 * `checkDeadlines`. Returns how many runs are silent.
 */
export async function countSilentRuns(live: LiveStore, now: Instant): Promise<number> {
  return makeDaysDue(live, await live.dueRuns(now, MAX_COUNTED), now);
}

async function makeDaysDue(live: LiveStore, runs: readonly Run[], now: Instant): Promise<number> {
  const silent = runs
    .map((run) => viewOf(run).run)
    .filter(({ lease_expires_at }) => lease_expires_at !== null && lease_expires_at <= now);
  await live.addDueDays([...new Set(silent.flatMap(({ run_date }) => run_date ?? []))]);
  return silent.length;
}
