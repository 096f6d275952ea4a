import type { Instant } from '../core/instant.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { Run } from '../core/run/run.ts';
import { viewOf } from '../core/run/run-view.ts';
import { type EvaluatePorts, evaluateRuns } from './evaluate.ts';

export interface Checked {
  readonly checked_at: number;
  /** Of these, runs whose lease has run out. */
  readonly silent: number;
  readonly published: number;
}

const LOOKS_AT_ONCE = 500;

/**
 * What only the clock can tell: runs over their SLA, and runs that have fallen silent. Silence makes a run's day due,
 * so that it reaches the metrics. The looks are marked last: what is interrupted is done again. Without `alerts` nobody
 * is told.
 */
export async function checkDeadlines(live: LiveStore, now: Instant, alerts?: EvaluatePorts): Promise<Checked> {
  const runs = await live.dueRuns(now, LOOKS_AT_ONCE);
  if (runs.length === 0) return { checked_at: 0, silent: 0, published: 0 };
  const silent = await countSilence(live, runs, now);
  let published = 0;
  if (alerts !== undefined) {
    if (silent > 0) await alerts.bus.publish([{ type: 'Runs Silent', detail: { runs: silent } }]);
    published = await evaluateRuns(alerts, runs, now);
  }
  await live.markChecked(runs, now);
  return { checked_at: runs.length, silent, published };
}

/** Makes the days of those runs due that have fallen silent, so that the metrics count it. Returns how many they are. */
export async function countSilence(live: LiveStore, runs: readonly Run[], now: Instant): Promise<number> {
  const silent = runs
    .map((run) => viewOf(run).run)
    .filter(({ lease_expires_at }) => lease_expires_at !== null && lease_expires_at <= now);
  await live.addDueDays([...new Set(silent.flatMap(({ run_date }) => run_date ?? []))]);
  return silent.length;
}
